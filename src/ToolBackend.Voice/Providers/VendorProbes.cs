using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Resilience.Health;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Voice.Providers;

/// <summary>
/// Has the health board probe every vendor that has a key, with a request that costs nothing and tells whether it is there and knows the key. A call is a bad probe: somebody waits.
/// </summary>
internal sealed class VendorProbes(HealthBoard board, IOptionsMonitor<VendorOptions> vendors) : IHostedService, IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(2);

    /// <summary>Name in definitions, name of its options, its row among the questions.</summary>
    private static readonly (string Provider, string Options, string Vendor)[] s_vendors =
    [
        ("deepgram", "Deepgram", "Deepgram"), ("assembly-ai", "AssemblyAi", "AssemblyAI"), ("11labs", "ElevenLabs", "ElevenLabs"),
        ("groq", "groq", "Groq"), ("together-ai", "together-ai", "Together"), ("fireworks", "fireworks", "Fireworks"),
    ];

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = s_deadline, PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    {
        Timeout = s_deadline,
    };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (provider, name, vendor) in s_vendors)
        {
            var question = KeyQuestion.OfSpeechAndLanguage.Single(q => q.Vendor == vendor);
            if (vendors.Get(name) is { ApiKey: { Length: > 0 } key } options && question.At(options.BaseUrl is { Length: > 0 } url ? url : question.BaseUrl) is { } address)
            {
                var proof = question.Proof(key);
                board.Watch(new WatchedProvider(provider, HealthRules.Default, token => AskAsync(address, proof, token), Fingerprint(address, key)));
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _http.Dispose();

    /// <returns>Null: it is there.</returns>
    private async Task<HealthCause?> AskAsync(Uri address, KeyValuePair<string, string> proof, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation(proof.Key, proof.Value);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            return (int)answer.StatusCode switch
            {
                401 or 403 => HealthCause.Authentication,
                402 => HealthCause.Quota,
                429 or >= 500 => HealthCause.Server,
                _ => null, // also 404: another address of the vendor's, where the question is not known
            };
        }
        catch (HttpRequestException)
        {
            return HealthCause.Connectivity;
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return HealthCause.Late;
        }
    }

    /// <summary>Tells configurations apart; nothing can be learned from it.</summary>
    private static string Fingerprint(Uri address, string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{address} {key}")).AsSpan(0, 8));
}
