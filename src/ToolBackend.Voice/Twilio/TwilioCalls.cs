using Microsoft.Extensions.Options;
using ToolBackend.Vapi.Twilio;
using ToolBackend.Voice.Hosting;

namespace ToolBackend.Voice.Twilio;

/// <summary>Live calls at Twilio's REST API, with deadlines for somebody who waits on the telephone.</summary>
internal sealed partial class TwilioCalls : IDisposable
{
    /// <summary>For all attempts together.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(2);

    /// <summary>For a call that is placed: nobody waits on the telephone, and a second attempt may be a second call.</summary>
    private static readonly TimeSpan s_placing = TimeSpan.FromSeconds(10);

    private readonly TwilioClient? _client;
    private readonly TwilioClient? _placing;
    private readonly ILogger<TwilioCalls> _logger;

    public TwilioCalls(IOptions<TwilioOptions> options, TimeProvider time, ILogger<TwilioCalls> logger, ILogger<TwilioClient> clientLogger)
    {
        _logger = logger;
        if (options.Value is { AccountSid: { Length: > 0 } account, AuthToken: { Length: > 0 } token })
        {
            TwilioClient Client(TimeSpan attempt, TimeSpan total, int attempts) => new(
                new TwilioClientOptions
                {
                    BaseUrl = options.Value.BaseUrl,
                    AccountSid = account,
                    AuthToken = token,
                    AttemptTimeout = attempt,
                    TotalTimeout = total,
                    MaxAttempts = attempts,
                    RetryDelay = TimeSpan.FromMilliseconds(50),
                    MaxRetryDelay = TimeSpan.FromMilliseconds(200),
                    MaxInFlight = 64,
                },
                time, clientLogger);
            (_client, _placing) = (Client(s_deadline / 2, s_deadline, attempts: 2), Client(s_placing, s_placing, attempts: 1));
        }
    }

    /// <summary>There is an account to do anything with.</summary>
    public bool IsConfigured => _client is not null;

    /// <summary>Ends what the call is doing, its media stream too, and has it go on with a document. Never throws.</summary>
    /// <returns>False when Twilio did not take it within 2 s, there is no account, or the document is too long for it.</returns>
    public async Task<bool> RedirectAsync(string callSid, string twiml)
    {
        if (_client is null || !TwilioClient.CanRedirect(callSid, twiml))
        {
            return false;
        }

        return await DoneAsync("redirect", _client.RedirectCallAsync(callSid, twiml)).ConfigureAwait(false);
    }

    /// <summary>Ends a live call. Never throws.</summary>
    /// <returns>False when Twilio did not do it within 2 s, or there is no account.</returns>
    public async Task<bool> HangUpAsync(string callSid) => _client is not null && TwilioClient.CanRedirect(callSid, "") && await DoneAsync("end", _client.HangUpCallAsync(callSid)).ConfigureAwait(false);

    /// <summary>Calls somebody, and returns the call's sid. One attempt.</summary>
    /// <exception cref="TwilioApiException">Twilio did not do it; <see cref="TwilioApiException.OutcomeIsUnknown"/> says whether it may have.</exception>
    /// <exception cref="InvalidOperationException">There is no account: see <see cref="IsConfigured"/>.</exception>
    public Task<string> PlaceAsync(NewTwilioCall call, CancellationToken cancellation) => (_placing ?? throw new InvalidOperationException("There is no Twilio account.")).CreateCallAsync(call, cancellation);

    private async Task<bool> DoneAsync(string what, Task request)
    {
        try
        {
            await request.ConfigureAwait(false);
            return true;
        }
        catch (TwilioApiException e)
        {
            LogFailed(what, e.Failure, e.Status);
            return false;
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _placing?.Dispose();
    }

    [LoggerMessage(3211, LogLevel.Warning, "Twilio did not {What} a live call: {Failure} (status {Status})")]
    private partial void LogFailed(string what, TwilioFailure failure, int? status);
}
