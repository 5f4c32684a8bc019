using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using ToolBackend.LocalStack.Processes;
using ToolBackend.LocalStack;
using ToolBackend.Testing;
using ToolBackend.Vapi.Messages;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Api.Tests.Faults;

/// <summary>The Api as a process of its own, to be killed.</summary>
internal sealed partial class ApiChild : IAsyncDisposable
{
    private static readonly TimeSpan s_startDeadline = TimeSpan.FromSeconds(60);

    private readonly SupervisedProcess _process;
    private readonly WebhookSigner _signer = new(new WebhookAuthenticationOptions { Secret = ApiNode.WebhookSecret });
    private readonly HttpClient _http;

    private ApiChild(SupervisedProcess process, int port)
    {
        _process = process;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Completes when the process is gone.</summary>
    public Task<int> Exit => _process.Exit;

    /// <summary>Returns when it listens.</summary>
    public static async Task<ApiChild> StartAsync(IReadOnlyDictionary<string, string?> settings)
    {
        var process = await SupervisedProcess.StartAsync(new SupervisedProcessOptions
        {
            Name = "Api",
            CommandLine =
            [
                Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "ToolBackend.Api.dll"),
                .. ApiNode.Arguments(settings),
            ],
            StopGrace = TimeSpan.FromSeconds(1),
        });
        try
        {
            var port = 0;
            await Eventually.IsTrueAsync(
                () =>
                {
                    port = ListeningOn().Match(process.Log.Tail) is { Success: true } line ? int.Parse(line.Groups["port"].ValueSpan, CultureInfo.InvariantCulture) : 0;
                    return process.Exit.IsCompleted ? throw new LocalStackException(process.Log.Tail) : Task.FromResult(port != 0);
                },
                s_startDeadline, "the process does not listen");
            return new ApiChild(process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends SIGKILL before it returns; does not wait for the end.</summary>
    public void Kill() => _ = _process.KillAsync();

    /// <summary>Posts one tool call and does not care for the answer.</summary>
    /// <exception cref="HttpRequestException">The process died.</exception>
    public Task PostToolCallAsync(string tool, string arguments, string callId, string toolCallId, string caller) =>
        PostAsync(SampleMessages.ToolCalls([new(toolCallId, tool, arguments)], callId, caller, TimeProvider.System.GetUtcNow()));

    /// <summary>Posts a message, signed.</summary>
    /// <exception cref="HttpRequestException">The process died.</exception>
    public async Task<HttpStatusCode> PostAsync(byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/vapi/webhook") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in _signer.Headers(body, TimeProvider.System.GetUtcNow()))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _signer.Dispose();
        await _process.DisposeAsync();
    }

    [GeneratedRegex(@"Now listening on: http://127\.0\.0\.1:(?<port>\d+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListeningOn();
}
