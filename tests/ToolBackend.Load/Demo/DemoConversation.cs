using System.Text.Encodings.Web;
using System.Text.Json;

namespace ToolBackend.Load.Demo;

/// <summary>An answer was not what a caller may expect.</summary>
internal sealed class UnexpectedAnswerException(string message) : Exception(message);

/// <summary>
/// Ana Silva's call: two parcels, a check-up booked, delivered twice, moved and cancelled. Books only what it cancels, so it can be
/// run again and again.
/// </summary>
internal sealed class DemoConversation(PhoneCall call, Transcript transcript, Func<Task<int>> rowsOfThisCall, DateOnly today)
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string? _reference;

    /// <summary>Milliseconds of every tool call, in order.</summary>
    public List<double> Milliseconds { get; } = [];

    /// <exception cref="UnexpectedAnswerException">An answer was not as expected.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await ParcelsAsync(cancellation);
        var (day, moveTo) = (DayOfNextWeek(DayOfWeek.Thursday), DayOfNextWeek(DayOfWeek.Friday));
        var practitioner = await BookAsync(day, cancellation);
        await MoveAsync(moveTo, practitioner, cancellation);
        await CancelAsync(cancellation);
    }

    /// <summary>After a run that was cut short: cancels what is still booked, without a word.</summary>
    public async Task LeaveNothingBehindAsync(CancellationToken cancellation)
    {
        foreach (var confirmed in _reference is null ? [] : (bool[])[false, true])
        {
            await call.PostAsync(call.Message("cancel_appointment", Json(new { reference = _reference, confirmed })), cancellation);
        }
    }

    private async Task ParcelsAsync(CancellationToken cancellation)
    {
        transcript.Caller("Hi, it's Ana. Where is my parcel?");
        await AskAsync("track_shipment", new { }, cancellation, "several parcels", "Northwind Books");
        transcript.Caller("The one from the bookshop. The number is T B one oh four two.");
        await AskAsync("track_shipment", new { trackingNumber = "T B one oh four two" }, cancellation, "Northwind Books is on its way");
    }

    private async Task<string> BookAsync(DateOnly day, CancellationToken cancellation)
    {
        transcript.Caller($"Good. And I need a check-up, next week on {day.DayOfWeek} if you can.");
        var offer = await AskAsync("find_open_slots", new { service = "check-up", date = Iso(day) }, cancellation, "there is time");
        foreach (var (when, time, practitioner) in OfferedTimes.Read(offer.Say))
        {
            transcript.Caller($"{time} with {practitioner}, please.");
            var arguments = new { service = "check-up", date = when, time, practitioner };
            var message = call.Message("book_appointment", Json(arguments));
            var booked = await PostAsync("book_appointment", arguments, message, cancellation);
            if (!booked.Say.StartsWith("Booked:", StringComparison.Ordinal))
            {
                continue; // taken meanwhile by somebody else: the caller tries the next one
            }

            _reference = OfferedTimes.Reference(booked.Say) ?? throw new UnexpectedAnswerException($"No reference was said: {booked.Say}");
            await RedeliverAsync(message, booked, arguments, cancellation);
            return practitioner;
        }

        throw new UnexpectedAnswerException($"No offered time could be booked. Offered was: {offer.Say}");
    }

    /// <summary>Vapi may deliver a message again when the first answer was lost on its way.</summary>
    private async Task RedeliverAsync(byte[] message, ToolReply first, object arguments, CancellationToken cancellation)
    {
        transcript.Note("");
        transcript.Note("The network delivers the same booking a second time:");
        var again = await PostAsync("book_appointment", arguments, message, cancellation);
        var rows = await rowsOfThisCall();
        if (!again.Body.AsSpan().SequenceEqual(first.Body) || rows != 1)
        {
            throw new UnexpectedAnswerException($"The second delivery was not answered byte for byte as the first, or the booking is there {rows} times.");
        }

        transcript.Note("The same bytes came back; there is one appointment in the database.");
    }

    private async Task MoveAsync(DateOnly day, string practitioner, CancellationToken cancellation)
    {
        transcript.Caller($"Oh wait, {day.DayOfWeek} would be better. What is free then?");
        var offer = await AskAsync("find_open_slots", new { service = "check-up", date = Iso(day), practitioner }, cancellation, "there is time");
        var to = OfferedTimes.Read(offer.Say) is [.., var last] ? last : throw new UnexpectedAnswerException($"No time was offered: {offer.Say}");
        transcript.Caller($"Then {to.Day}, {to.Time}.");
        await AskAsync("reschedule_appointment", new { reference = _reference, newDate = to.Day, newTime = to.Time }, cancellation, "shall I move");
        transcript.Caller("Yes, please.");
        await AskAsync("reschedule_appointment", new { reference = _reference, newDate = to.Day, newTime = to.Time, confirmed = true }, cancellation, "Moved:");
    }

    private async Task CancelAsync(CancellationToken cancellation)
    {
        transcript.Caller("You know what, cancel it. I will call back.");
        await AskAsync("cancel_appointment", new { reference = _reference }, cancellation, "shall I cancel");
        transcript.Caller("Yes, I am sure.");
        await AskAsync("cancel_appointment", new { reference = _reference, confirmed = true }, cancellation, "Cancelled:");
        _reference = null;
    }

    private async Task<ToolReply> AskAsync(string tool, object arguments, CancellationToken cancellation, params string[] expected)
    {
        var reply = await PostAsync(tool, arguments, call.Message(tool, Json(arguments)), cancellation);
        return Array.TrueForAll(expected, part => reply.Say.Contains(part, StringComparison.OrdinalIgnoreCase))
            ? reply
            : throw new UnexpectedAnswerException($"{tool} was expected to say \"{string.Join("\", \"", expected)}\".");
    }

    private async Task<ToolReply> PostAsync(string tool, object arguments, byte[] message, CancellationToken cancellation)
    {
        var reply = await call.PostAsync(message, cancellation);
        Milliseconds.Add(reply.Milliseconds);
        transcript.Tool(tool, Json(arguments), reply.Milliseconds);
        transcript.Assistant(reply.Say);
        return reply;
    }

    private DateOnly DayOfNextWeek(DayOfWeek day)
    {
        var daysSinceMonday = ((int)today.DayOfWeek + 6) % 7;
        return today.AddDays(7 - daysSinceMonday + (((int)day + 6) % 7));
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd");

    private static string Json(object arguments) => JsonSerializer.Serialize(arguments, s_json);
}
