using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using ToolBackend.Cli.Calls;
using ToolBackend.Core.Calls.State;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend calls list</c>: newest first, as many as asked for, over as many pages as that takes.</summary>
internal static class CallsList
{
    private const int PageSize = 200;

    private static readonly Option<string?> Status = OneOf("--status", "What they are", "scheduled", "queued", "ringing", "in-progress", "forwarding", "ended");
    private static readonly Option<string?> Class = OneOf("--class", "How they ended", "normal", "customer", "ours", "capacity", "platform", "provider", "other");
    private static readonly Option<string?> Side = OneOf("--side", "Who ran them", "vapi", "own", "both");
    private static readonly Option<string?> Type = OneOf("--type", "What kind they are", "inboundPhoneCall", "outboundPhoneCall", "webCall", "vapi.websocketCall");
    private static readonly Option<bool> Open = new("--open") { Description = "Only calls that have not ended" };
    private static readonly Option<string?> From = new("--from") { Description = "Opened at or after, such as 2026-12-01T09:00:00-08:00", HelpName = "time" };
    private static readonly Option<string?> To = new("--to") { Description = "Opened before", HelpName = "time" };
    private static readonly Option<string?> Caller = new("--caller") { Description = "The other party's number in E.164 form, such as +12065550142", HelpName = "number" };
    private static readonly Option<string?> Assistant = new("--assistant") { Description = "The first assistant, as the table names it", HelpName = "name" };
    private static readonly Option<string?> Search = new("--search") { Description = "Words that were said; \"in quotes\" in this order, or, -not", HelpName = "words" };

    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "At most so many, 1 to 10000",
        HelpName = "number",
        DefaultValueFactory = _ => 50,
        Validators = { RefuseOtherNumbers },
    };

    public static Command Command() => new Command("list", "Calls, newest first. The first column: * open, + normal, - by the customer, ! by us or a limit, x platform or provider, ? other.")
    {
        Status, Class, Side, Type, Open, From, To, Caller, Assistant, Search, Limit,
    }.Does("calls list", async (parsed, console, cancellationToken) =>
    {
        using var client = OperatorClient.FromEnvironment();
        var limit = parsed.GetValue(Limit);
        var calls = new List<CallListItem>();
        string? next = null;
        do
        {
            var page = await client.GetAsync($"calls?{Query(parsed)}&limit={Math.Min(PageSize, limit - calls.Count).ToString(CultureInfo.InvariantCulture)}{(next is null ? "" : $"&after={next}")}", cancellationToken);
            foreach (var item in page.GetProperty("items").EnumerateArray())
            {
                console.Object(new { type = "call", call = item });
                calls.Add(item.Deserialize<CallListItem>(JsonSerializerOptions.Web)!);
            }

            next = page.GetProperty("next").GetString();
        }
        while (next is not null && calls.Count < limit);

        console.Object(new { type = "summary", calls = calls.Count, more = next is not null });
        if (!console.IsJson)
        {
            console.Table(CallRow.Headings, [.. calls.Select(CallRow.Of)]);
        }

        console.Line(next is null ? $"{calls.Count} calls" : $"{calls.Count} calls, and there are more: --limit");
        return ExitCodes.Ok;
    });

    private static string Query(ParseResult parsed)
    {
        var filters = new (string Name, string? Value)[]
        {
            ("status", parsed.GetValue(Status)), ("class", parsed.GetValue(Class)), ("side", parsed.GetValue(Side)), ("type", parsed.GetValue(Type)), ("open", parsed.GetValue(Open) ? "true" : null),
            ("from", parsed.GetValue(From)), ("to", parsed.GetValue(To)), ("caller", parsed.GetValue(Caller)), ("assistant", parsed.GetValue(Assistant)), ("q", parsed.GetValue(Search)),
        };
        return string.Join('&', filters.Where(f => f.Value is not null).Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value!)}"));
    }

    private static Option<string?> OneOf(string name, string description, params string[] allowed)
    {
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong(allowed);
        return option;
    }

    private static void RefuseOtherNumbers(OptionResult result)
    {
        if (result.GetValueOrDefault<int>() is < 1 or > 10_000)
        {
            result.AddError("--limit takes 1 to 10000.");
        }
    }
}
