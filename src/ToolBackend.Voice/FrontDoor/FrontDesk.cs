using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.Routing;
using ToolBackend.Core.Observability;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.Core.Speech;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Control;
using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>Offers a new call to Vapi, when its line's route and Vapi's health say so.</summary>
internal sealed partial class FrontDesk(
    TwilioGate gate, LiveRoutes routes, HealthBoard health, VapiBypass vapi, VapiIds ids, TwilioCalls twilio, CallerGreeting greeting, CallEventStore log, FirstEventWatch firstEvents, IOptions<ContentPolicy> policy,
    IOptions<FrontDoorOptions> options, Random random, TimeProvider time, ILogger<FrontDesk> logger)
{
    /// <summary>Its name on the <see cref="HealthBoard"/>.</summary>
    public const string Vapi = "vapi";

    private const int Fine = 1 << 20;

    private long _fullUntil;

    /// <summary>A fellow replica that decides needs no longer than this.</summary>
    public TimeSpan Patience => TimeSpan.FromMilliseconds(options.Value.WallMilliseconds + 1000);

    /// <summary>Vapi's document for the call with our continuation; null: the own pipeline takes it.</summary>
    public async Task<string?> OfferAsync(CallRequest call, CancellationToken cancellation)
    {
        if (routes.Of(call.Line).Mode is RouteMode.Own || !vapi.IsConfigured || call.IsOutbound || call.WasFailedByVapi || call.Before is not null || !PhoneNumber.TryParse(call.Customer, out var customer) || WithheldNumbers.Contains(customer))
        {
            return null; // Vapi calls nobody without a number
        }

        var number = ids.NumberOf(call.Line);
        var known = await greeting.GetAsync(new CallContext(call.CallSid, call.CallSid, customer, PhoneNumber.TryParse(call.Line, out var line) ? line : null));
        var squad = known.SquadId ?? (call.Assistant.Squad is { } name ? ids.SquadOf(name) : null);
        var assistant = squad is null ? ids.AssistantOf(call.Assistant.Name) ?? known.AssistantId : null; // as the answer to Vapi's assistant-request: a line's squad goes first
        if (number is null || (assistant is null && squad is null))
        {
            LogNoIds(call.Assistant.Key);
            return null;
        }

        if (!Offers(call.Line))
        {
            return null;
        }

        var began = time.GetTimestamp();
        var answer = await vapi.CreateAsync(Body(call, customer.E164, number, assistant, squad, known), cancellation);
        var took = time.GetElapsedTime(began);
        Telemetry.BypassCalls.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Outcome, answer.Word));
        Note(answer, took);
        if (answer is not { CallId: { } id, Connect: { } connect })
        {
            LogNotTaken(answer.Word, (long)took.TotalMilliseconds);
            return null;
        }

        Link(call, answer.Call!);
        firstEvents.Expect(call.CallSid, id);
        return VapiTwiml.With(connect, gate.HttpUrl(ResumeWebhook.UrlOf(id, call.Assistant.Key, leg: 2)));
    }

    /// <summary>Whether a new call of this line goes to Vapi now.</summary>
    public bool Offers(string line)
    {
        var canTake = time.GetUtcNow().UtcTicks >= Interlocked.Read(ref _fullUntil);
        return RouteDecision.OffersToVapi(routes.Of(line), health.Admits(Vapi), canTake, random.Next(Fine) / (double)Fine);
    }

    /// <summary>What Vapi's answer to a call says of it.</summary>
    public void Note(BypassAnswer answer, TimeSpan took)
    {
        if (answer.Wait is { } wait)
        {
            Interlocked.Exchange(ref _fullUntil, (time.GetUtcNow() + wait).UtcTicks); // the account's limit, no illness
        }
        else if (answer.Cause is { } cause)
        {
            health.Report(Vapi, new HealthEvent.Failed(cause));
        }
        else if (answer.CallId is not null)
        {
            health.Report(Vapi, new HealthEvent.Served(took));
        }
    }

    private JsonObject Body(CallRequest call, string customer, string number, string? assistant, string? squad, Greeting known)
    {
        var variables = new JsonObject();
        foreach (var (name, value) in known.Variables)
        {
            variables[name] = value;
        }

        var body = new JsonObject
        {
            ["phoneCallProviderBypassEnabled"] = true,
            ["phoneNumberId"] = number,
            ["customer"] = new JsonObject { ["number"] = customer },
            [assistant is null ? "squadOverrides" : "assistantOverrides"] = Overrides(call, variables),
            ["metadata"] = new JsonObject { ["twilioCallSid"] = call.CallSid },
        };
        body[assistant is null ? "squadId" : "assistantId"] = assistant ?? squad;
        return body;
    }

    /// <summary>Here Vapi can neither transfer the call nor end it: it tells us to, and only in such calls (a call of its own would then do neither).</summary>
    private JsonObject Overrides(CallRequest call, JsonObject variables)
    {
        var overrides = new JsonObject { ["variableValues"] = variables };
        if (twilio.IsConfigured)
        {
            overrides["serverMessages"] = new JsonArray([.. call.Assistant.ServerMessages.Append(PhoneControl.MessageType).Distinct(StringComparer.Ordinal).Select(m => JsonValue.Create(m))]);
        }

        return overrides;
    }

    /// <summary>Tells the call log of a call that Vapi has made, before its first event.</summary>
    public void Tell(JsonObject created)
    {
        if (VapiSnapshotReader.Read(created, time.GetUtcNow(), policy.Value) is { } snapshot)
        {
            log.Offer(snapshot);
        }
    }

    /// <summary>Tells the call log that Vapi's call and Twilio's are one, before either side's first event.</summary>
    private void Link(CallRequest call, JsonObject created)
    {
        if (VapiSnapshotReader.Read(created, time.GetUtcNow(), policy.Value) is { } snapshot)
        {
            var facts = snapshot.Event.Facts;
            log.Offer(snapshot with
            {
                Event = snapshot.Event with { ProviderCallId = call.CallSid, Facts = facts with { Call = facts.Call is { } identity ? identity with { Type = "inboundPhoneCall" } : null } },
            });
        }
    }

    [LoggerMessage(3611, LogLevel.Warning, "Vapi did not take a call ({Word}, {Milliseconds} ms): the own pipeline answers it")]
    private partial void LogNotTaken(string word, long milliseconds);

    [LoggerMessage(3612, LogLevel.Warning, "A call cannot be offered to Vapi: no id is known of its number or of the assistant {Assistant}. Run vapi apply, or set Voice:FrontDoor:PhoneNumbers and :Assistants")]
    private partial void LogNoIds(string assistant);
}
