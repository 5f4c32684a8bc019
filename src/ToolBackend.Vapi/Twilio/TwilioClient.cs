using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Twilio;

/// <summary>The incoming phone numbers and live calls of one Twilio account. Safe to share between threads.</summary>
/// <remarks>
/// 429, 5xx and no answer are tried again: a list changes nothing, and an update that is done twice is done once. Only a new call has one attempt. Every method throws
/// <see cref="TwilioApiException"/>, and nothing else, when Twilio does not do what was asked.
/// </remarks>
public sealed partial class TwilioClient : IDisposable
{
    private const int PageSize = 1000;

    /// <summary>A list that goes on for ever must end.</summary>
    private const int MostPages = 1000;

    /// <summary>Characters of a document that Twilio takes with a request.</summary>
    private const int MostDocument = 4000;

    /// <summary>Twilio's codes for a call that has ended, and, some time later, is not known any more.</summary>
    private const int NotInProgress = 21220, NoSuchCall = 20404;

    private readonly TwilioTransport _transport;
    private readonly string _numbers;
    private readonly string _calls;

    /// <param name="options">Checked here.</param>
    /// <param name="time">Clock of waits and deadlines.</param>
    /// <param name="logger">Told of attempts that are repeated.</param>
    /// <param name="handler">For tests; owned by the client. Default: one that follows no redirects and keeps no cookies.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public TwilioClient(TwilioClientOptions options, TimeProvider time, ILogger<TwilioClient>? logger = null, HttpMessageHandler? handler = null)
    {
        if (options.Validate() is [var first, ..])
        {
            throw new ArgumentException(first, nameof(options));
        }

        _transport = new TwilioTransport(options, time, logger ?? NullLogger<TwilioClient>.Instance, handler);
        _numbers = $"2010-04-01/Accounts/{options.AccountSid}/IncomingPhoneNumbers";
        _calls = $"2010-04-01/Accounts/{options.AccountSid}/Calls";
    }

    /// <summary>All numbers of the account, each once, in Twilio's order.</summary>
    public async Task<IReadOnlyList<TwilioNumber>> ListNumbersAsync(CancellationToken cancellation = default)
    {
        var numbers = new OrderedDictionary<string, TwilioNumber>(StringComparer.Ordinal);
        var pages = 0;
        for (var next = $"{_numbers}.json?PageSize={PageSize}"; next is not null;)
        {
            if (++pages > MostPages)
            {
                throw Unreadable($"more than {MostPages} pages");
            }

            var page = await _transport.SendAsync(HttpMethod.Get, next, form: null, cancellation);
            if (page["incoming_phone_numbers"] is not JsonArray items)
            {
                throw Unreadable("the answer is no list");
            }

            foreach (var item in items)
            {
                var number = Read(item) ?? throw Unreadable("it holds something that is no number");
                numbers.TryAdd(number.Sid, number);
            }

            next = NextPage(page);
        }

        return [.. numbers.Values];
    }

    /// <summary>Changes where a number's calls go, from the next call on, and returns the number as it is afterwards.</summary>
    /// <param name="sid">PN...</param>
    /// <param name="update">At least one field.</param>
    /// <exception cref="ArgumentException">The sid is none, or there is nothing to change.</exception>
    public async Task<TwilioNumber> UpdateNumberAsync(string sid, TwilioNumberUpdate update, CancellationToken cancellation = default)
    {
        if (!Sid().IsMatch(sid))
        {
            throw new ArgumentException("A number's sid is PN and letters or digits.", nameof(sid));
        }

        var form = update.Form;
        if (form.Count == 0)
        {
            throw new ArgumentException("There is nothing to change.", nameof(update));
        }

        var path = $"{_numbers}/{sid}.json";
        return Read(await _transport.SendAsync(HttpMethod.Post, path, form, cancellation))
            ?? throw new TwilioApiException(TwilioFailure.Unreadable, $"POST /{path}: the answer is no phone number.");
    }

    /// <summary>Whether <see cref="RedirectCallAsync"/> takes these.</summary>
    public static bool CanRedirect(string sid, string twiml) => CallSid().IsMatch(sid) && twiml.Length <= MostDocument;

    /// <summary>Ends what a live call is doing, its media stream too, and has it go on with a document.</summary>
    /// <param name="sid">CA...</param>
    /// <param name="twiml">At most 4000 characters; addresses in it are absolute.</param>
    /// <exception cref="ArgumentException">The sid is none, or the document is too long.</exception>
    public Task RedirectCallAsync(string sid, string twiml, CancellationToken cancellation = default)
    {
        if (!CallSid().IsMatch(sid))
        {
            throw new ArgumentException("A call's sid is CA and letters or digits.", nameof(sid));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(twiml.Length, MostDocument, nameof(twiml));
        return _transport.SendAsync(HttpMethod.Post, $"{_calls}/{sid}.json", [new("Twiml", twiml)], cancellation);
    }

    /// <summary>Ends a live call. One that is over already counts as ended.</summary>
    /// <param name="sid">CA...</param>
    /// <exception cref="ArgumentException">The sid is none.</exception>
    public async Task HangUpCallAsync(string sid, CancellationToken cancellation = default)
    {
        if (!CallSid().IsMatch(sid))
        {
            throw new ArgumentException("A call's sid is CA and letters or digits.", nameof(sid));
        }

        try
        {
            await _transport.SendAsync(HttpMethod.Post, $"{_calls}/{sid}.json", [new("Status", "completed")], cancellation);
        }
        catch (TwilioApiException over) when (over.Code is NotInProgress or NoSuchCall)
        {
            // What was wanted.
        }
    }

    /// <summary>Calls somebody, and returns the call's sid; it rings later, in its turn. Never tried twice: see <see cref="TwilioApiException.OutcomeIsUnknown"/>.</summary>
    public async Task<string> CreateCallAsync(NewTwilioCall call, CancellationToken cancellation = default)
    {
        var made = await _transport.SendAsync(HttpMethod.Post, $"{_calls}.json", call.Form, cancellation, mayRepeat: false);
        return made.TextAt("sid") is { } sid && CallSid().IsMatch(sid)
            ? sid
            : throw new TwilioApiException(TwilioFailure.Unreadable, $"POST /{_calls}.json: the answer is no call.") { OutcomeIsUnknown = true };
    }

    public void Dispose() => _transport.Dispose();

    // Only the same list is followed: the credentials go wherever the next page is said to be.
    private string? NextPage(JsonObject page) => page.TextAt("next_page_uri") switch
    {
        null or "" => null,
        var next when next.StartsWith($"/{_numbers}.json?", StringComparison.Ordinal) => next[1..],
        _ => throw Unreadable("its next page is somewhere else"),
    };

    private static TwilioNumber? Read(JsonNode? node) => node.TextAt("sid") is { } sid && node.TextAt("phone_number") is { } number
        ? new TwilioNumber(sid, number)
        {
            VoiceUrl = node.TextAt("voice_url") ?? string.Empty,
            VoiceMethod = node.TextAt("voice_method") ?? "POST",
            VoiceFallbackUrl = node.TextAt("voice_fallback_url") ?? string.Empty,
            VoiceFallbackMethod = node.TextAt("voice_fallback_method") ?? "POST",
            StatusCallback = node.TextAt("status_callback") ?? string.Empty,
            StatusCallbackMethod = node.TextAt("status_callback_method") ?? "POST",
            VoiceApplicationSid = node.TextAt("voice_application_sid") ?? string.Empty,
            TrunkSid = node.TextAt("trunk_sid") ?? string.Empty,
        }
        : null;

    private TwilioApiException Unreadable(string why) => new(TwilioFailure.Unreadable, $"GET /{_numbers}.json: {why}; the list cannot be read in full.");

    [GeneratedRegex("^PN[0-9A-Za-z]{1,64}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sid();

    [GeneratedRegex("^CA[0-9A-Za-z]{1,64}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CallSid();
}
