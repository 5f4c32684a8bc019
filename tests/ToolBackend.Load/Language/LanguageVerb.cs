using System.Net.Http.Headers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Voice.Language;

namespace ToolBackend.Load.Language;

/// <summary>
/// <c>./dev bench language</c>: how long a token is under way from the server's socket to a <see cref="ModelOutput.Text"/>, beside a bare HttpClient that only finds the token in
/// the bytes of the same server, in turns; and what a token allocates.
/// </summary>
internal static class LanguageVerb
{
    private const int Tokens = 100;

    public static async Task<int> RunAsync(bool isQuick, TextWriter output, CancellationToken cancellation)
    {
        var rounds = isQuick ? 4 : 40;
        await using var server = new TimedTokenServer(Tokens, TimeSpan.FromMilliseconds(2));
        await using var services = Services(server.Url);
        var model = services.GetServices<ILanguageModel>().First(model => model.Name == "groq");
        using var bare = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = -2; round < rounds; round++)
        {
            // The first two warm the code up.
            var (a, b) = (await OursAsync(model, cancellation), await BareAsync(bare, server.Url, cancellation));
            if (round >= 0)
            {
                ours.AddRange(a);
                theirs.AddRange(b);
            }
        }

        await output.WriteLineAsync($"{rounds} answers of {Tokens} tokens, 2 ms apart, in turns. Microseconds from the server's send to the token in hand:");
        await output.WriteLineAsync($"  bare HttpClient   p50 {At(theirs, 0.5),7:0.0}   p99 {At(theirs, 0.99),7:0.0}");
        await output.WriteLineAsync($"  our client        p50 {At(ours, 0.5),7:0.0}   p99 {At(ours, 0.99),7:0.0}");
        await output.WriteLineAsync($"  ratio             p50 {At(ours, 0.5) / At(theirs, 0.5),7:0.00}   p99 {At(ours, 0.99) / At(theirs, 0.99),7:0.00}");
        await output.WriteLineAsync($"  bytes allocated per token in the process, server included: our client {await AllocatedAsync(() => OursAsync(model, cancellation)):0}, bare {await AllocatedAsync(() => BareAsync(bare, server.Url, cancellation)):0}");
        return 0;
    }

    private static ServiceProvider Services(string url) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Vendors:Groq:BaseUrl"] = url,
            ["Vendors:Groq:ApiKey"] = "probe",
        }).Build())
        .AddLanguageModels()
        .BuildServiceProvider();

    private static async Task<List<double>> OursAsync(ILanguageModel model, CancellationToken cancellation)
    {
        var ages = new List<double>(Tokens);
        var request = new ModelRequest("openai/gpt-oss-120b", [new ModelMessage(ModelRole.User, "Hello")]);
        await foreach (var output in model.StreamAsync(request, cancellation))
        {
            if (output is ModelOutput.Text text)
            {
                ages.Add(TimedTokenServer.Age(text.Value).TotalMicroseconds);
            }
        }

        return ages;
    }

    private static async Task<List<double>> BareAsync(HttpClient http, string url, CancellationToken cancellation)
    {
        var ages = new List<double>(Tokens);
        using var content = new StringContent("{}", MediaTypeHeaderValue.Parse("application/json"));
        using var request = new HttpRequestMessage(HttpMethod.Post, url + "/openai/v1/chat/completions") { Content = content };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[8192];
        while (await stream.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            if (TimedTokenServer.Age(buffer.AsSpan(0, read)) is { } age)
            {
                ages.Add(age.TotalMicroseconds);
            }
        }

        return ages;
    }

    private static async Task<double> AllocatedAsync(Func<Task<List<double>>> run)
    {
        const int Runs = 5;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Runs; i++)
        {
            await run();
        }

        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Runs * Tokens);
    }

    private static double At(List<double> values, double quantile) => values.Order().ElementAt((int)(values.Count * quantile));
}
