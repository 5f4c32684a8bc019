using System.Text.Json;
using System.Text.RegularExpressions;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>Calls that are ready to be played, against the demo data. Another seed makes another call of the same kind.</summary>
public static partial class ReadyScripts
{
    private const string ClinicLine = "+12065550100";
    private const string CarrierLine = "+12065550101";
    private const string Ana = "+12065550142";
    private const string Marcus = "+12065550143";

    /// <summary>All of them by name, as the admin endpoints and the command line take them.</summary>
    public static IReadOnlyDictionary<string, Func<int, CallScript>> All { get; } = new SortedDictionary<string, Func<int, CallScript>>(StringComparer.Ordinal)
    {
        ["booking"] = Booking,
        ["everything"] = Everything,
        ["failed-request"] = NoAssistant,
        ["fault"] = PlatformFault,
        ["handoff"] = Handoff,
        ["lost-end"] = NeverEnds,
        ["no-answer"] = NoAnswer,
        ["parcel"] = Parcel,
        ["transfer"] = Transferred,
        ["web"] = WebCall,
    };

    /// <summary>A visit at the clinic: times are asked for and the first one offered is booked.</summary>
    public static CallScript Booking(int seed) => new()
    {
        Name = "booking",
        Seed = seed,
        CustomerNumber = Ana,
        LineNumber = ClinicLine,
        AsksForAssistant = true,
        Turns =
        [
            new AssistantSays("Hello, this is the clinic. How can I help?"),
            new CallerSays("Hi, I need a check-up next week."),
            new CallsTools("find_open_slots", """{"service":"check-up","date":"next week"}""", "Thursday, December 3rd at 9 AM with Doctor Alice Nguyen or 2:15 PM with Doctor Alice Nguyen. Which suits best?"),
            new AssistantSays("There is time on Thursday at nine, or in the afternoon at a quarter past two.", InterruptedAt: 0.6),
            new CallerSays("The first one is good."),
            new CallsTools([new ScriptedToolCall(
                "book_appointment", """{"service":"check-up","date":"2026-12-03","time":"9 AM","practitioner":"Doctor Alice Nguyen"}""", "Booked: Thursday, December 3rd at 9 AM.", FirstOffer)]),
            new AssistantSays("You are booked. Is there anything else?"),
            new CallerSays("No, thank you. Goodbye."),
        ],
        Ending = new CallEnding("customer-ended-call") { Summary = "The caller booked a check-up.", Outcome = """{"resolved":true,"booked":true}""" },
    };

    /// <summary>Where is my parcel: two tool calls in one message, then a change of delivery.</summary>
    public static CallScript Parcel(int seed) => new()
    {
        Name = "parcel",
        Seed = seed,
        CustomerNumber = Ana,
        LineNumber = CarrierLine,
        Assistant = ScriptedAssistant.Dispatcher,
        Turns =
        [
            new AssistantSays("Parcel service, good morning."),
            new CallerSays("Where is my parcel? The number is T B one oh four two."),
            new CallsTools(
            [
                new ScriptedToolCall("track_shipment", """{"trackingNumber":"T B one oh four two"}""", "Northwind Books is on its way and comes today."),
                new ScriptedToolCall("list_shipments", "{}", "There are two parcels."),
            ]),
            new AssistantSays("The books are on their way and come today."),
            new CallerSays("Please leave them on the back porch."),
            new CallsTools("change_delivery", """{"trackingNumber":"TB1042","safePlace":"back porch"}""", "Done: it will be left on the back porch."),
            new AssistantSays("They will be left on the back porch. Goodbye."),
        ],
        Ending = new CallEnding("assistant-ended-call") { Summary = "The caller asked for a parcel.", SuccessEvaluation = "true" },
    };

    /// <summary>From a browser: no customer, no phone number, no carrier.</summary>
    public static CallScript WebCall(int seed) => new()
    {
        Name = "web",
        Seed = seed,
        Direction = CallDirection.Web,
        Turns =
        [
            new AssistantSays("Hello, how can I help?"),
            new CallerSays("When are you open?"),
            new AssistantSays("From nine to five, Monday to Friday."),
            new Silence(TimeSpan.FromSeconds(20)),
        ],
        Ending = new CallEnding("silence-timed-out") { SuccessEvaluation = "\"false\"", Outcome = null },
    };

    /// <summary>Put through to a person: <c>forwarding</c>, and the end much later.</summary>
    public static CallScript Transferred(int seed) => new()
    {
        Name = "transfer",
        Seed = seed,
        CustomerNumber = Marcus,
        LineNumber = ClinicLine,
        Turns =
        [
            new AssistantSays("Hello, this is the clinic."),
            new CallerSays("I want to speak to a person about a bill."),
            new AssistantSays("One moment, I will put you through."),
            new Transfers("+12065550199", AsksFirst: true),
            new Silence(TimeSpan.FromSeconds(45)),
        ],
        Ending = new CallEnding("assistant-forwarded-call") { Summary = "The caller was put through to the desk." },
    };

    /// <summary>Vapi's worker dies in the middle of a sentence.</summary>
    public static CallScript PlatformFault(int seed) => new()
    {
        Name = "fault",
        Seed = seed,
        CustomerNumber = Ana,
        LineNumber = ClinicLine,
        Turns =
        [
            new AssistantSays("Hello, this is the clinic."),
            new CallerSays("I would like to move my appointment to Thursday."),
            new CallsTools("list_appointments", "{}", "One visit: Tuesday, December 1st at 10 AM."),
        ],
        Ending = new CallEnding("call.in-progress.error-vapifault-worker-died") { SuccessEvaluation = null, Outcome = null, ReportDelay = TimeSpan.FromSeconds(30) },
    };

    /// <summary>Talks as others do, but neither its end nor its report is ever sent: <c>GET /call/{id}</c> alone knows.</summary>
    public static CallScript NeverEnds(int seed) => Parcel(seed) with
    {
        Name = "lost-end",
        Ending = new CallEnding("customer-ended-call") { StatusIsSent = false, ReportIsSent = false, Summary = "Nobody was told that this call ended." },
    };

    /// <summary>Dialled out to somebody who did not answer: no times, no turns.</summary>
    public static CallScript NoAnswer(int seed) => new()
    {
        Name = "no-answer",
        Seed = seed,
        Direction = CallDirection.Outbound,
        CustomerNumber = Marcus,
        Turns = [],
        Ending = new CallEnding("customer-did-not-answer") { BeforeStart = true, SuccessEvaluation = null, Outcome = null },
    };

    /// <summary>The assistant-request got no usable answer.</summary>
    public static CallScript NoAssistant(int seed) => new()
    {
        Name = "failed-request",
        Seed = seed,
        CustomerNumber = Marcus,
        AsksForAssistant = true,
        Turns = [],
        Ending = new CallEnding("assistant-request-failed") { BeforeStart = true, SuccessEvaluation = null, Outcome = null },
    };

    /// <summary>The receptionist hands over to the dispatcher in the middle of the call.</summary>
    public static CallScript Handoff(int seed) => new()
    {
        Name = "handoff",
        Seed = seed,
        CustomerNumber = Ana,
        LineNumber = ClinicLine,
        Turns =
        [
            new AssistantSays("Hello, this is the clinic."),
            new CallerSays("Actually I am calling about my parcel."),
            new HandsOver(ScriptedAssistant.Dispatcher, AsksFirst: true),
            new AssistantSays("Parcel service here. Which number is it?"),
            new CallerSays("T B one oh four two."),
            new CallsTools("track_shipment", """{"trackingNumber":"TB1042"}""", "It is on its way."),
            new AssistantSays("It is on its way."),
        ],
    };

    /// <summary>Every type of message there is, asked for and sent in one call, with a card number in it that a caller reads out.</summary>
    public static CallScript Everything(int seed) => new()
    {
        Name = "everything",
        Seed = seed,
        CustomerNumber = Ana,
        LineNumber = ClinicLine,
        AsksForAssistant = true,
        ServerMessages = [.. ServerMessageTypes.Subscribable.Where(type => type != ServerMessageTypes.FinalTranscript)],
        Turns =
        [
            new OtherMessage("campaign.predial"),
            new OtherMessage("session.created"),
            new OtherMessage("chat.created"),
            new AssistantSays("Hello, this is the clinic. How can I help?", InterruptedAt: 0.5),
            new CallerSays($"My card is {ScriptSecrets.CardNumber} and my social is {ScriptSecrets.SocialSecurityNumber}."),
            new OtherMessage("call.endpointing.request"),
            new OtherMessage("knowledge-base-request"),
            new OtherMessage("language-change-detected"),
            new OtherMessage("language-changed"),
            new CallsTools([new ScriptedToolCall("list_appointments", "{}", "No visits.")], Hangs: true),
            new CallsTools([new ScriptedToolCall("list_appointments", "{}", "No visits.")], IsLegacy: true),
            new OtherMessage("voice-request"),
            new AssistantSays("You have no visits. I will ask a colleague."),
            new HandsOver(ScriptedAssistant.Dispatcher, AsksFirst: true),
            new AssistantSays("I will put you through."),
            new Transfers("+12065550199", AsksFirst: true),
            new OtherMessage("session.updated"),
            new OtherMessage("session.deleted"),
            new OtherMessage("chat.deleted"),
            new OtherMessage("call.deleted"),
            new OtherMessage("call.delete.failed"),
        ],
        Ending = new CallEnding("assistant-forwarded-call"),
    };

    // As the model would: the first day, time and person of the offer that was heard last.
    private static string? FirstOffer(IReadOnlyList<string> heard)
    {
        if (heard is not [.., var offer] || Offer().Match(offer) is not { Success: true } match)
        {
            return null;
        }

        var arguments = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = "check-up",
            ["date"] = match.Groups["day"].Value,
            ["time"] = match.Groups["time"].Value,
        };
        return JsonSerializer.Serialize(arguments);
    }

    [GeneratedRegex(@"(?<day>today|tomorrow|[A-Z][a-z]+day, [A-Z][a-z]+ \d{1,2}(st|nd|rd|th)(, \d{4})?) at (?<time>\d{1,2}(:\d\d)? [AP]M|noon)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Offer();
}
