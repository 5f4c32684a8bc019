using System.ComponentModel;
using Microsoft.Extensions.Options;
using NodaTime;
using ToolBackend.Core.Customers;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Appointments;

public sealed record CancelAppointmentArguments
{
    [Description("Reference of the appointment, if the caller gave it.")]
    public string? Reference { get; init; }

    [Description("Day of the appointment, if the caller has several.")]
    public string? Date { get; init; }

    [Description("Family name on the appointment, only if the caller calls from another phone than they booked with.")]
    public string? Name { get; init; }

    [Description("True only after the tool asked for confirmation and the caller clearly said yes.")]
    public bool? Confirmed { get; init; }
}

/// <summary>Cancels an appointment in two steps; <see cref="PendingConfirmation"/> holds the first.</summary>
public sealed class CancelAppointment(Ledger ledger, AppointmentFinder finder, IOptions<SchedulingOptions> options) : WriteTool<CancelAppointmentArguments>(ledger)
{
    public override string Name => "cancel_appointment";

    public override string Description =>
        "Cancels an appointment of the caller. The first call only returns a question: ask it, and if the caller clearly says yes, call the tool again with confirmed set to true.";

    protected override async ValueTask<Prepared> PrepareAsync(CancelAppointmentArguments arguments, ToolContext context)
    {
        var result = await finder.FindAsync(arguments.Reference, arguments.Date, arguments.Name, context).ConfigureAwait(false);
        return result is AppointmentFinder.Found found
            ? new((scope, cancellation) => CancelAsync(scope, arguments, context, found.Line.AppointmentId, cancellation))
            : new(result.Outcome);
    }

    private async Task<ToolOutcome> CancelAsync(WriteScope scope, CancelAppointmentArguments arguments, ToolContext context, long id, CancellationToken cancellation)
    {
        var row = await AppointmentSql.LockAsync(scope.Connection, id, cancellation).ConfigureAwait(false);
        if (row is not { Status: "booked" })
        {
            return new AlreadyCancelled();
        }

        if (arguments.Confirmed is true
            && await PendingConfirmation.TakeAsync(scope.Connection, context, id, PendingConfirmation.Cancel, null, cancellation).ConfigureAwait(false))
        {
            await AppointmentSql.CancelAsync(scope.Connection, id, cancellation).ConfigureAwait(false);
            scope.Changed(CustomerReader.KeyOf(row.PhoneHash));
            return new Cancelled(row, context.Now);
        }

        await PendingConfirmation.AskAsync(scope.Connection, context, id, PendingConfirmation.Cancel, null, options.Value.ConfirmationMinutes, cancellation).ConfigureAwait(false);
        return new ConfirmationNeeded(row, context.Now);
    }

    internal static string Describe(AppointmentRow row, Instant now) =>
        $"{row.Service} with {row.Practitioner} {Phrases.OnDayAndTime(row.Visit.Start, DateTimeZoneProviders.Tzdb[row.TimeZone], now)}";

    public sealed record ConfirmationNeeded(AppointmentRow Row, Instant Now) : ToolOutcome
    {
        public override string Code => "confirmation_needed";

        public override string Say =>
            $"Nothing is cancelled yet. Ask the caller: shall I cancel your {Nouns.Inside(Describe(Row, Now))}? If they clearly say yes, call the tool again with confirmed set to true.";
    }

    public sealed record Cancelled(AppointmentRow Row, Instant Now) : ToolOutcome
    {
        public override string Code => "cancelled";

        public override string Say => $"Cancelled: {Describe(Row, Now)}.";
    }

    public sealed record AlreadyCancelled : ToolOutcome
    {
        public override string Code => "already_cancelled";

        public override string Say => "That appointment is already cancelled. Nothing more needs to be done.";
    }
}
