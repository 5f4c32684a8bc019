using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ToolBackend.LocalStack.Simulators.Language.Faults;
using ToolBackend.LocalStack.Simulators.Language.Wire;

namespace ToolBackend.LocalStack.Simulators.Language;

/// <summary><c>POST .../chat/completions</c> of one vendor.</summary>
internal sealed class CompletionEndpoint(LanguageSimulator simulator, SimulatedVendor vendor, CancellationToken stopping)
{
    /// <summary>Fireworks limits an answer itself when the request does not.</summary>
    private const int FireworksLimit = 2048;

    private const int NoLimit = 32_768;

    public async Task ServeAsync(HttpContext http)
    {
        var time = simulator.Options.Time;
        var startedAt = time.GetTimestamp();
        if (await ReadAsync(http) is not { } body)
        {
            await VendorErrors.BadRequest(vendor, "could not parse the JSON body of the request").WriteAsync(http);
            return;
        }

        if (RequestCheck.Refusal(vendor, body, simulator.Models) is { } refusal)
        {
            await refusal.WriteAsync(http);
            return;
        }

        var request = CompletionRequest.Of(vendor, body) with { Affinity = http.Request.Headers["x-session-affinity"] };
        var fault = simulator.StreamFaults.Take(request);
        if (fault?.Kind is StreamFaultKind.ToolUseFailed)
        {
            await VendorErrors.ToolUseFailed.WriteAsync(http);
            return;
        }

        var number = simulator.NextNumber();
        var draft = Draft.Of(
            request, Struck(simulator.Answer(request), request, fault), simulator.Wire.ToolCalls, number, time.GetUtcNow().ToUnixTimeSeconds(), vendor == SimulatedVendor.Fireworks ? FireworksLimit : NoLimit);
        var frames = Frames(draft).ToList();
        var log = simulator.Generations.Begin(request, draft.Tokens, time.GetUtcNow(), startedAt, http.Connection.Id);
        await new AnswerStream(http, simulator.Wire, fault, log, time, startedAt, stopping).SendAsync(frames, simulator.Moments(Math.Max(1, draft.Tokens)));
    }

    private IEnumerable<StreamFrame> Frames(Draft draft) => vendor switch
    {
        SimulatedVendor.Groq => GroqFrames.Of(draft),
        SimulatedVendor.Together => TogetherFrames.Of(draft),
        _ => FireworksFrames.Of(draft),
    };

    private static CompletionAnswer Struck(CompletionAnswer answer, CompletionRequest request, StreamFault? fault) => fault?.Kind switch
    {
        StreamFaultKind.TruncatedArguments => answer with { Calls = [.. answer.Calls.Select(call => call with { Arguments = call.Arguments[..(call.Arguments.Length / 2)] })] },
        StreamFaultKind.ReasoningEatsAll => answer with { ReasoningTokens = request.MaxTokens ?? FireworksLimit },
        _ => answer,
    };

    private static async Task<JsonObject?> ReadAsync(HttpContext http)
    {
        try
        {
            return await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // answered 400 by the caller
        }
    }
}
