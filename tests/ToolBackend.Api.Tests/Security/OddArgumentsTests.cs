using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ToolBackend.Api.Tests.Webhooks;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Core.Tools;

namespace ToolBackend.Api.Tests.Security;

/// <summary>B6: every argument of every tool in the catalog gets every odd value, all others staying sensible.</summary>
public sealed class OddArgumentsTests(PatientApi api) : IClassFixture<PatientApi>
{
    // Sensible enough to come as far as the odd one lets them, and refused before they write: nothing may be written by any of them.
    private static readonly Dictionary<string, string> s_sensible = new(StringComparer.Ordinal)
    {
        ["service"] = "Check-up", ["date"] = "2020-01-01", ["time"] = "10 AM", ["newDate"] = "2020-01-01", ["newTime"] = "10 AM", ["reference"] = "HRB101",
        ["trackingNumber"] = "TB2077", ["name"] = "Silva", ["practitioner"] = "Nguyen",
    };

    private static readonly string[] s_odd =
    [
        "null", "true", "false", "0", "-1", "-9007199254740993", "9007199254740993", "1e999", "1.5", "[]", "[null]", "{}", """{"$type":"x"}""", "\"\"", "\"   \"", "\"\\u0000\\u0001\"",
        "\"\\u200b\\u200d\"", "\"0001-01-01\"", "\"9999-12-31\"", "\"9999-12-31T23:59:59Z\"", "\"2026-02-30\"", "\"-1\"", "\"NaN\"", "\"Infinity\"", "\"9007199254740993\"",
        "\"25:61\"", "\"\\ud83d\\ude80\\ud83e\\uddea\"", "\"\\u202e\\u05d0\\u05d1\\u05d2\\u202c\"", "\"\\u0645\\u062d\\u0645\\u062f\"", "\"\\ud800\"", "\"e\\u0301\\u0301\\u0301\"",
        "\"in 999999999 days\"", "\"in 99999 years\"", "\"December 31 9999\"",
    ];

    [Fact]
    public async Task B6_odd_values_in_every_argument_of_every_tool_end_in_a_sentence_and_write_nothing()
    {
        var before = await RowsAsync();
        string[] tooLong = [Message.Quoted(new string('x', 301)), Message.Quoted(string.Concat(Enumerable.Repeat("\ud83d\ude80", 150)))];
        var failures = new List<string>();
        foreach (var tool in api.Node.Services.GetRequiredService<ToolCatalog>().All)
        {
            foreach (var (argument, _) in tool.Schema["properties"]!.AsObject())
            {
                foreach (var odd in s_odd.Concat(tooLong).Where(o => !Writes(tool.Name, argument, o)))
                {
                    await TryAsync(tool, argument, odd, failures);
                }
            }
        }

        failures.ShouldBeEmpty();
        (await RowsAsync()).ShouldBe(before);
        api.Logs.Lines.Where(l => l.Level >= LogLevel.Error || l.Exception is not null).Select(l => l.Text).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(119)] // an emoji across the cut at 120: half of it can be stored nowhere
    [InlineData(118)]
    public async Task B6_a_long_name_with_an_emoji_is_stored_whole_or_cut_between_letters(int letters)
    {
        var caller = $"+1206557{letters:D4}";
        var day = (string)(await api.QueryAsync("select to_char(d, 'YYYY-MM-DD') from generate_series(now() + interval '20 days', now() + interval '30 days', interval '1 day') d where extract(isodow from d) = 3 limit 1"))!;
        var name = new string('n', letters) + "\ud83d\ude80 the end";
        var arguments = new JsonObject { ["service"] = "Check-up", ["date"] = day, ["time"] = "10 AM", ["name"] = name };
        (await api.PostToolCallAsync("book_appointment", arguments.ToJsonString(), caller: caller)).Say.ShouldStartWith("Booked: Check-up");
        ((string)(await api.QueryAsync($"select name from customer where phone = '{caller}'"))!).ShouldBe(new string('n', letters) + (letters == 118 ? "\ud83d\ude80" : ""));
    }

    [Fact]
    public async Task B6_right_to_left_and_emoji_texts_are_stored_as_they_are()
    {
        var place = "خلف الباب \ud83d\udeaa";
        var reply = await api.PostToolCallAsync("change_delivery", new JsonObject { ["trackingNumber"] = "TB4410", ["safePlace"] = place }.ToJsonString(), caller: DemoSeed.OtherCallerPhone);
        reply.Say.ShouldContain($"will be left at {place}.");
        (await api.QueryAsync("select safe_place from shipment where tracking_number = 'TB4410'")).ShouldBe(place);
    }

    [Theory]
    [InlineData(79)]
    [InlineData(80)]
    public async Task B6_a_long_safe_place_is_cut_between_letters(int letters)
    {
        var place = new string('p', letters) + "\ud83d\ude80\ud83d\ude80";
        var reply = await api.PostToolCallAsync("change_delivery", new JsonObject { ["trackingNumber"] = "TB5120", ["safePlace"] = place }.ToJsonString(), caller: "+12065550144");
        reply.Say.ShouldContain($"will be left at the {new string('p', letters)}.");
    }

    [Theory]
    [InlineData("\"\\u0001\\u0002\"")]
    [InlineData("\"\\u200b\\u202e\"")]
    [InlineData("\" \\u00a0\"")]
    public async Task B6_a_safe_place_that_cannot_be_said_is_asked_for_again(string place)
    {
        var reply = await api.PostToolCallAsync("change_delivery", $$"""{"trackingNumber":"TB1042","safePlace":{{place}}}""", caller: DemoSeed.CallerPhone);
        reply.Say.ShouldBe("Nothing was changed. Ask the caller for one thing: another day, a safe place, or a pick-up point.");
    }

    /// <summary>Values that are sensible after all: any text is a place to leave a parcel, and any flag or name suits a question that is refused for its date.</summary>
    private static bool Writes(string tool, string argument, string odd) => tool == "change_delivery" && argument == "safePlace" && odd.Length > 0;

    private async Task TryAsync(Tool tool, string argument, string odd, List<string> failures)
    {
        var arguments = new JsonObject();
        foreach (var (name, _) in tool.Schema["properties"]!.AsObject())
        {
            if (s_sensible.TryGetValue(name, out var value))
            {
                arguments[name] = value;
            }
        }

        // As text: JsonNode would not write all of the odd ones.
        arguments.Remove(argument);
        var members = arguments.Select(m => $"{Message.Quoted(m.Key)}:{m.Value!.ToJsonString()}").Append($"{Message.Quoted(argument)}:{odd}");
        var list = $$$"""[{"id":"{{{Message.NewId()}}}","name":"{{{tool.Name}}}","arguments":{{{{string.Join(',', members)}}}}}]""";
        var body = Message.Of("tool-calls").Bytes();
        var reply = await api.Node.PostAsync(Splice(body, list));
        var said = reply.Status is HttpStatusCode.OK && reply.Results is [var result] ? (result["result"] ?? result["error"])?.GetValue<string>() : null;
        if (said is null || !IsSpeakable(said) || said.Contains("can't look that up right now", StringComparison.Ordinal) || said.Contains("can't tell yet", StringComparison.Ordinal))
        {
            failures.Add($"{tool.Name} {argument} = {odd}: {(int)reply.Status} {said ?? reply.Text}");
        }
    }

    private static byte[] Splice(byte[] message, string list)
    {
        var text = System.Text.Encoding.UTF8.GetString(message);
        return System.Text.Encoding.UTF8.GetBytes(text[..^2] + ",\"toolCallList\":" + list + "}}");
    }

    private static bool IsSpeakable(string said) => said.Length > 10 && said[^1] is '.' or '?' && !said.Any(char.IsControl) && !said.Contains("Exception", StringComparison.Ordinal);

    private async Task<string?> RowsAsync() => (string?)await api.QueryAsync("""
        select concat_ws(',', (select count(*) from appointment), (select count(*) from customer), (select count(*) from shipment), (select count(*) from delivery_change),
          (select count(*) from scan_event), (select max(updated_at) from appointment), (select max(updated_at) from shipment))
        """);
}
