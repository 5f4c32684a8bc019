using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using NodaTime;
using Npgsql;
using ToolBackend.Core.Customers;
using ToolBackend.Core.Business;
using ToolBackend.Core.Scheduling;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Appointments;

public sealed record RescheduleAppointmentArguments
{
    [Description("The new day, for example 2026-12-01 or Friday."), Required]
    public string? NewDate { get; init; }

    [Description("The new time of day, for example 2:30 PM or 14:30."), Required]
    public string? NewTime { get; init; }

    [Description("Reference of the appointment, if the caller gave it.")]
    public string? Reference { get; init; }

    [Description("Present day of the appointment, if the caller has several.")]
    public string? Date { get; init; }

    [Description("Name of another person, only if the caller wants to change whom they see.")]
    public string? Practitioner { get; init; }

    [Description("Family name on the appointment, only if the caller calls from another phone than they booked with.")]
    public string? Name { get; init; }

    [Description("True only after the tool asked for confirmation and the caller clearly said yes.")]
    public bool? Confirmed { get; init; }
}

/// <summary>Moves an appointment in two steps; <see cref="PendingConfirmation"/> holds the first. Until the move is committed the old time is kept.</summary>
public sealed class RescheduleAppointment(Ledger ledger, AppointmentFinder finder, DirectoryReader directory, IOptions<SchedulingOptions> options)
    : WriteTool<RescheduleAppointmentArguments>(ledger)
{
    private const string Kept = " The appointment stays as it was.";

    public override string Name => "reschedule_appointment";

    public override string Description =>
        "Moves an appointment of the caller to another time. The first call only returns a question: ask it, and if the caller clearly says yes, call the tool again with the same new day and time and confirmed set to true.";

    protected override async ValueTask<Prepared> PrepareAsync(RescheduleAppointmentArguments arguments, ToolContext context)
    {
        var result = await finder.FindAsync(arguments.Reference, arguments.Date, arguments.Name, context).ConfigureAwait(false);
        if (result is not AppointmentFinder.Found { Line: var line })
        {
            return new(result.Outcome);
        }

        var known = context.Note(await directory.GetAsync().ConfigureAwait(false)).Value!;
        var choice = ChoiceFor(known, line, context.Now);
        if (choice is not null && arguments.Practitioner is not null)
        {
            var (asked, question) = VisitResolver.Resolve(known, options.Value, context.Call, line.Service, arguments.Practitioner, choice.Location.Name, context.Now);
            if (asked is null)
            {
                return new(question!);
            }

            choice = asked;
        }

        if (choice is null)
        {
            return new(new NotHereAnyMore());
        }

        var (when, refusal) = AskedTime.Read(arguments.NewDate!, arguments.NewTime!, choice);
        return when is null ? new(refusal!) : new((scope, cancellation) => MoveAsync(scope, arguments, context, line.AppointmentId, choice, when.Value, cancellation));
    }

    /// <summary>The same service with the same person; null when either is no longer offered.</summary>
    private VisitChoice? ChoiceFor(BusinessDirectory known, AppointmentLine line, Instant now) =>
        known.Practitioners.FirstOrDefault(p => p.Id == line.PractitionerId) is { } person && known.Services.FirstOrDefault(s => s.Id == line.ServiceId) is { } service
            ? new VisitChoice(person.Location, service, [person], options.Value.Rules, now.InZone(person.Location.Zone).Date)
            : null;

    private async Task<ToolOutcome> MoveAsync(
        WriteScope scope, RescheduleAppointmentArguments arguments, ToolContext context, long id, VisitChoice choice, LocalDateTime when, CancellationToken cancellation)
    {
        var row = await AppointmentSql.LockAsync(scope.Connection, id, cancellation).ConfigureAwait(false);
        if (row is not { Status: "booked" })
        {
            return new CancelledBefore();
        }

        var calendars = choice.Calendars(await OthersAsync(scope.Connection, choice, when, id, cancellation).ConfigureAwait(false));
        if (choice.Practitioners.Any(p => p.Id == row.PractitionerId) && row.Visit.Start.InZone(choice.Location.Zone).LocalDateTime == when)
        {
            return new Moved(row.Service, row.Practitioner, row.Visit.Start, choice.Location.Zone, choice.Today);
        }

        var check = SlotFinder.Check(when, choice.Rules, choice.Service.Rules, calendars, choice.Location.Zone, context.Now);
        if (check is not SlotCheck.Fits fits)
        {
            return SlotSentences.Refuse(check, choice, calendars, context.Now, Kept);
        }

        if (arguments.Confirmed is not true
            || !await PendingConfirmation.TakeAsync(scope.Connection, context, id, PendingConfirmation.Reschedule, fits.Slot, cancellation).ConfigureAwait(false))
        {
            await PendingConfirmation.AskAsync(scope.Connection, context, id, PendingConfirmation.Reschedule, fits.Slot, options.Value.ConfirmationMinutes, cancellation).ConfigureAwait(false);
            return new ConfirmationNeeded(row, fits.Slot, choice, context.Now);
        }

        if (await AppointmentSql.MoveAsync(scope.Connection, id, fits.Slot, choice.Service.Buffer, cancellation).ConfigureAwait(false) is not Occupied.Done)
        {
            return SlotSentences.Refuse(new SlotCheck.Busy(when, new Interval(fits.Slot.Start, fits.Slot.End)), choice, calendars, context.Now, Kept);
        }

        scope.Changed(CustomerReader.KeyOf(row.PhoneHash));
        return new Moved(row.Service, fits.Slot.PractitionerName, fits.Slot.Start, choice.Location.Zone, choice.Today);
    }

    private static async Task<ILookup<int, Interval>> OthersAsync(NpgsqlConnection connection, VisitChoice choice, LocalDateTime when, long exceptId, CancellationToken cancellation)
    {
        var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { BookedTimes.Command([.. choice.Practitioners.Select(p => p.Id)], BookedTimes.WindowAround(when.Date, choice.Location.Zone), exceptId) },
        };
        await using var _ = batch.ConfigureAwait(false);
        var row = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        return await BookedTimes.ReadAsync(row, cancellation).ConfigureAwait(false);
    }

    public sealed record ConfirmationNeeded(AppointmentRow Row, Slot To, VisitChoice Choice, Instant Now) : ToolOutcome
    {
        public override string Code => "confirmation_needed";

        public override string Say =>
            $"Nothing is moved yet. Ask the caller: shall I move your {Nouns.Inside(Row.Service)} with {Row.Practitioner} from {Phrases.DayAndTime(Row.Visit.Start, Choice.Location.Zone, Now)} to {Phrases.DayAndTime(To.Start, Choice.Location.Zone, Now)}"
            + (To.PractitionerId == Row.PractitionerId ? "" : $" with {To.PractitionerName}")
            + "? If they clearly say yes, call the tool again with the same new day and time and confirmed set to true.";
    }

    public sealed record Moved(string Service, string Practitioner, Instant Start, DateTimeZone Zone, LocalDate Today) : ToolOutcome
    {
        public override string Code => "moved";

        public override string Say => $"Moved: {Service} with {Practitioner} is now {Phrases.OnDayAndTime(Start.InZone(Zone).LocalDateTime, Today)}. The reference stays the same.";
    }

    public sealed record CancelledBefore : ToolOutcome
    {
        public override string Code => "already_cancelled";

        public override string Say => "That appointment was cancelled, so it cannot be moved. Offer to book a new one.";
    }

    public sealed record NotHereAnyMore : ToolOutcome
    {
        public override string Code => "not_offered";

        public override string Say => "That appointment cannot be moved by phone because what was booked is no longer offered. It stays as it was. Offer to transfer the caller to a person.";
    }
}
