using System.Net;
using System.Text;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.Testing;
using ToolBackend.Testing.Mutation;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Language.Chat;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Tests.Language.Chat;

public sealed class MutatedStreamTests
{
    private static readonly (ChatVendor Vendor, CompletionAnswer Answer)[] s_answers =
    [
        (ChatVendor.Groq, CompletionAnswer.Say("Thursday at nine — is that fine? 🚀") with { ReasoningTokens = 3 }),
        (ChatVendor.Groq, new CompletionAnswer { Calls = [new AnsweredCall("book_appointment", """{"service":"cleaning","time":"2:30 PM"}"""), new AnsweredCall("end_call", "")] }),
        (ChatVendor.Together, CompletionAnswer.Say("<think>hm</think>Certainly.") with { Calls = [new AnsweredCall("get_weather", """{"city":"Zürich"}""")] }),
        (ChatVendor.Fireworks, CompletionAnswer.Say("It is on its way.") with { ReasoningTokens = 2, Calls = [new AnsweredCall("track_shipment", "{}")] }),
    ];

    [Fact]
    public async Task B3_a_mutated_stream_ends_in_output_or_in_a_provider_failure()
    {
        var corpus = await RecordAsync();
        var runs = LongForm.Count(3_000, 500_000);
        var (whole, failed) = (0, 0);
        for (var seed = 0; seed < runs; seed++)
        {
            var random = new Random(seed);
            var (vendor, bytes) = corpus[seed % corpus.Count];
            try
            {
                var outputs = await ReadAsync(vendor, Mutate(bytes, random), random);
                outputs[^1].ShouldBeOfType<ModelOutput.End>($"seed {seed}");
                outputs.OfType<ModelOutput.Text>().ShouldAllBe(text => text.Value.Length > 0);
                whole++;
            }
            catch (ProviderException)
            {
                failed++;
            }
            catch (Exception error) when (error is not ShouldAssertException)
            {
                throw new InvalidOperationException($"Seed {seed} was not caught.", error);
            }
        }

        // A mutator that breaks all of them, or none, would prove nothing.
        whole.ShouldBeGreaterThan(runs / 20);
        failed.ShouldBeGreaterThan(runs / 20);
    }

    private static async Task<List<(ChatVendor Vendor, byte[] Bytes)>> RecordAsync()
    {
        await using var simulator = await LanguageSimulator.StartAsync(new LanguageSimulatorOptions { Timing = new TokenTiming { FirstToken = TimeSpan.Zero, Interval = TimeSpan.Zero } });
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", simulator.ApiKey);
        var recorded = new List<(ChatVendor, byte[])>();
        foreach (var (vendor, answer) in s_answers)
        {
            simulator.Script = _ => answer;
            using var content = new ReadOnlyMemoryContent(ChatRequestBody.Of(vendor, Conversations.Ask(Conversations.ModelOf(vendor))));
            using var response = await http.PostAsync($"{simulator.Url}{vendor.Prefix}/chat/completions", content);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            recorded.Add((vendor, await response.Content.ReadAsByteArrayAsync()));
        }

        return recorded;
    }

    private static byte[] Mutate(byte[] stream, Random random)
    {
        if (random.Next(3) == 0)
        {
            return new TextMutator(random).Mutate(stream);
        }

        var events = Encoding.UTF8.GetString(stream).Split("\n\n");
        var at = random.Next(events.Length);
        if (!events[at].StartsWith("data: {", StringComparison.Ordinal))
        {
            return new TextMutator(random).Mutate(stream);
        }

        var mutated = new JsonMutator(random.Next()).Mutate(Encoding.UTF8.GetBytes(events[at]["data: ".Length..]));
        return [.. Encoding.UTF8.GetBytes(string.Concat(events[..at].Select(text => text + "\n\n")) + "data: "), .. mutated, .. Encoding.UTF8.GetBytes("\n\n" + string.Join("\n\n", events[(at + 1)..]))];
    }

    private static async Task<List<ModelOutput>> ReadAsync(ChatVendor vendor, byte[] stream, Random random)
    {
        using var http = new HttpMessageInvoker(new Recording(stream, 1 + random.Next(400)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1/");
        await using var exchange = new ChatExchange(vendor, TimeSpan.FromSeconds(4), TimeProvider.System, default);
        await exchange.OpenAsync(http, request);
        var outputs = new List<ModelOutput>();
        while (await exchange.NextAsync() is { } output)
        {
            outputs.Add(output);
        }

        return outputs;
    }

    /// <summary>Answers with bytes that are handed out in pieces of one size.</summary>
    private sealed class Recording(byte[] stream, int piece) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Pieces(stream, piece)) };
            response.Content.Headers.ContentType = new("text/event-stream");
            return Task.FromResult(response);
        }
    }

    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
