using System.CommandLine;
using System.CommandLine.Parsing;
using ToolBackend.Core.Calls.Privacy;
using ToolBackend.Core.Speech;

namespace ToolBackend.Cli.Verbs;

/// <summary>
/// <c>toolbackend calls forget --phone NUMBER</c>: removes what calls left of a number. It cannot be undone, so a person is asked, and a script says <c>--yes</c>.
/// </summary>
internal static class CallsForget
{
    private static readonly Option<string> Phone = new("--phone")
    {
        Description = "The caller's number in E.164 form, such as +12065550142",
        HelpName = "number",
        Required = true,
        Validators = { RefuseOtherForms },
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Count what would be removed, remove nothing" };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask" };

    public static Command Command() =>
        new Command("forget", "Remove the calls of a caller with all that was said in them, for ever. Appointments, shipments and customers stay. Safe while the service runs.")
        {
            Phone,
            DryRun,
            Yes,
        }.Does("calls forget", async (parsed, console, cancellationToken) =>
        {
            var number = PhoneNumber.Parse(parsed.GetValue(Phone)!);
            await using var dataSource = Database.FromEnvironment();
            var forget = new ForgetCaller(dataSource, TimeProvider.System);
            var found = await forget.CountAsync(number, cancellationToken);
            if (parsed.GetValue(DryRun))
            {
                Tell(console, "would_remove", "would be removed", found);
                return ExitCodes.Ok;
            }

            if (!parsed.GetValue(Yes) && !await IsConfirmedAsync(console, found, cancellationToken))
            {
                console.Error("nothing was removed");
                return ExitCodes.Error;
            }

            Tell(console, "removed", "removed", await forget.RunAsync(number, cancellationToken));
            console.Line("Vapi keeps its own copy of the calls that it ran: delete it there too, in its dashboard or by DELETE /call/ID.");
            return ExitCodes.Ok;
        });

    private static Task<bool> IsConfirmedAsync(CliConsole console, ForgottenCaller found, CancellationToken cancellation) => Confirmation.AskAsync(
        console, $"Remove {found.Rows.Calls:N0} calls with {found.Rows.Events:N0} events of this number for ever?", "yes", isRefused: false, "look with --dry-run, then add --yes", cancellation);

    private static void Tell(CliConsole console, string type, string words, ForgottenCaller forgotten)
    {
        var rows = forgotten.Rows;
        console.Object(new
        {
            type, calls = rows.Calls, events = rows.Events, names = rows.Names, controls = rows.Controls, changes = rows.Changes, ledgerRows = rows.LedgerRows, invocations = forgotten.Invocations,
        });
        console.Line(
            $"{words}: {rows.Calls:N0} calls, {rows.Events:N0} events, {rows.Names:N0} names, {rows.Controls:N0} control addresses, {rows.Changes:N0} changes, {rows.LedgerRows:N0} answers of tools; "
            + $"taken out of {forgotten.Invocations:N0} rows of the invocation log");
    }

    // The value is not repeated: it may be a number, mistyped.
    private static void RefuseOtherForms(OptionResult result)
    {
        var text = result.GetValueOrDefault<string>();
        if (text is null || !text.StartsWith('+') || !PhoneNumber.TryParse(text, out _))
        {
            result.AddError("--phone wants a number in E.164 form, such as +12065550142");
        }
    }
}
