using System.Security.Cryptography;
using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Simulators.Twilio.Phone;

/// <summary>
/// A person who calls a number at Twilio, and Twilio between: webhooks signed as theirs are, TwiML carried out, a media stream at the pace of a telephone line. Driven by a script in code:
/// say, listen, press, hang up.
/// </summary>
public sealed class TwilioPhone : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longestSpeech = TimeSpan.FromMinutes(5);

    private readonly PhoneOptions _options;
    private readonly CancellationTokenSource _end = new();
    private readonly TwimlCall _call;
    private int _listenedTo;

    private TwilioPhone(PhoneOptions options)
    {
        _options = options;
        CallSid = options.Answers?.Sid ?? "CA" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        _call = new TwimlCall(options, CallSid, Record, options.Answers ?? options.Account?.AddLiveCall(options.From, options.To, CallSid), _end.Token);
    }

    public string CallSid { get; }

    public PhoneRecord Record { get; } = new();

    /// <summary>TwiML verbs that were carried out, in order, such as <c>Connect</c>, <c>Dial +12065550110</c>, <c>Hangup</c>.</summary>
    public IReadOnlyList<string> Verbs => _call.Verbs;

    /// <summary>Completes when the call is over, by whom ever.</summary>
    public Task Over => _call.Over;

    /// <summary>When the media stream was started (<see cref="TimeProvider.GetTimestamp"/>), the last one if there were several; 0 before.</summary>
    public long StreamStarted => Streams is [.., var last] ? last : 0;

    /// <summary>When each of the call's media streams was started.</summary>
    public IReadOnlyList<long> Streams => _call.Streams;

    /// <summary>What was played to the caller, mu-law; only with <see cref="PhoneOptions.KeepsAudio"/>.</summary>
    public byte[] Recording => _call.Line?.Recording ?? [];

    /// <summary>All that the caller heard so far.</summary>
    public string HeardText => string.Join(' ', Record.Heard.Select(w => w.Text));

    /// <summary>Dials; returns when the media stream is connected.</summary>
    /// <exception cref="LocalStackException">The call ended before it was.</exception>
    public static async Task<TwilioPhone> CallAsync(PhoneOptions options, CancellationToken cancellation)
    {
        var phone = await DialAsync(options, cancellation);
        if (!phone._call.Connected.IsCompletedSuccessfully)
        {
            await using (phone)
            {
                await phone.Over;
                throw new LocalStackException($"The call was not connected: {string.Join(", ", phone.Verbs.Concat(phone.Record.Violations))}");
            }
        }

        return phone;
    }

    /// <summary>Like <see cref="CallAsync"/>, for a call that need not come to a stream: returns when it is over or connected.</summary>
    public static async Task<TwilioPhone> DialAsync(PhoneOptions options, CancellationToken cancellation)
    {
        var phone = new TwilioPhone(options);
        phone._call.Start();
        await Task.WhenAny(phone._call.Connected, phone.Over).WaitAsync(cancellation);
        return phone;
    }

    /// <summary>Says a sentence; returns when its last sound has left.</summary>
    public async Task SayAsync(string text, CancellationToken cancellation)
    {
        var line = Line();
        line.Say(_options.Speak(text));
        await line.WhenAsync(() => !line.IsSpeaking, s_longestSpeech, cancellation);
        Record.Did(text, _options.Time.GetTimestamp());
    }

    /// <summary>Listens until the agent has spoken, after what the caller said last, and then been quiet for a while.</summary>
    /// <param name="quiet">Default 700 ms.</param>
    /// <param name="patience">For all of it. Default 15 s.</param>
    /// <returns>What was heard since the last time.</returns>
    /// <exception cref="TimeoutException">Nothing was heard.</exception>
    public async Task<string> ListenAsync(CancellationToken cancellation, TimeSpan? quiet = null, TimeSpan? patience = null)
    {
        var time = _options.Time;
        var began = time.GetTimestamp();
        var limit = patience ?? TimeSpan.FromSeconds(15);
        var said = Record.Said is [.., var last] ? last.At : 0;
        while (true)
        {
            var line = Line();
            if (IsQuiet(line) || (HasAnswered() && line.Closed.IsCompleted))
            {
                return Take(Record.Heard);
            }

            var left = limit - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || line.Closed.IsCompleted)
            {
                throw new TimeoutException($"The caller heard nothing more. So far: {HeardText}");
            }

            await line.WhenAsync(() => IsQuiet(line), left, cancellation);
        }

        bool HasAnswered() => Record.HeardSoFar is var (count, lastAt) && count > _listenedTo && lastAt > said;

        bool IsQuiet(PhoneLine line) => HasAnswered() && line.Waiting == 0 && time.GetElapsedTime(Record.HeardSoFar.LastAt) > (quiet ?? TimeSpan.FromMilliseconds(700));
    }

    /// <summary>Waits until these words were heard since the last <see cref="ListenAsync"/>, in the middle of whatever is said.</summary>
    /// <exception cref="TimeoutException">They were not.</exception>
    public async Task HearAsync(string words, CancellationToken cancellation, TimeSpan? patience = null)
    {
        var began = _options.Time.GetTimestamp();
        while (!string.Join(' ', Record.Heard.Skip(_listenedTo).Select(w => w.Text)).Contains(words, StringComparison.OrdinalIgnoreCase))
        {
            if (_options.Time.GetElapsedTime(began) > (patience ?? TimeSpan.FromSeconds(15)))
            {
                throw new TimeoutException($"The caller did not hear \"{words}\". So far: {HeardText}");
            }

            await Task.Delay(s_look, _options.Time, cancellation);
        }
    }

    /// <summary>Waits until a reply's last word was heard whole, since the last time, and then no more comes.</summary>
    /// <exception cref="TimeoutException">It was not.</exception>
    public async Task ListenUntilAsync(string lastWord, CancellationToken cancellation, TimeSpan? patience = null)
    {
        await HearAsync(lastWord, cancellation, patience);
        await ListenAsync(cancellation, TimeSpan.FromMilliseconds(300), patience);
    }

    /// <summary>Somebody answers a call that was placed over REST: its instructions are asked for.</summary>
    /// <param name="call">Of <paramref name="account"/>.</param>
    /// <param name="answeredBy">Twilio's verdict, if it was asked for one.</param>
    public static Task<TwilioPhone> AnswerAsync(TwilioAccount account, TwilioCall call, CancellationToken cancellation, string answeredBy = "human")
    {
        account.Answer(call);
        return CallAsync(Options(account, call) with { AnsweredBy = call.Created.ContainsKey("MachineDetection") ? answeredBy : null }, cancellation);
    }

    /// <summary>Nobody answers a call that was placed over REST: only its status callback is told.</summary>
    /// <param name="status"><c>no-answer</c>, <c>busy</c>, <c>failed</c> or <c>canceled</c>.</param>
    public static async Task LetRingAsync(TwilioAccount account, TwilioCall call, string status, CancellationToken cancellation)
    {
        account.Change(now => call.End(status, now));
        await using var phone = new TwilioPhone(Options(account, call));
        await phone._call.LetRingAsync(status).WaitAsync(cancellation);
    }

    public TimeSpan Elapsed(long from, long to) => _options.Time.GetElapsedTime(from, to);

    public Task WaitAsync(TimeSpan time, CancellationToken cancellation) => Task.Delay(time, _options.Time, cancellation);

    public void Press(char digit) => Line().Press(digit);

    /// <summary>A message as it stands, for whoever wants to break the protocol.</summary>
    public void PostRaw(string message) => Line().Post(message);

    /// <summary>The caller hangs up: <c>stop</c>, the socket closes, the status callback follows.</summary>
    public Task HangUpAsync() => _call.HangUpAsync();

    /// <summary>The media connection breaks; the call goes on at Twilio with its next instruction.</summary>
    public void DropStream() => Line().Drop();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _call.DisposeAsync();
        _end.Dispose();
    }

    private static PhoneOptions Options(TwilioAccount account, TwilioCall call) => new()
    {
        VoiceUrl = call.Created["Url"], StatusCallback = call.Created.GetValueOrDefault("StatusCallback"), From = call.From, To = call.To, IsOutbound = true, Account = account, Answers = call,
    };

    private PhoneLine Line() => _call.Line ?? throw new LocalStackException("The call has no media stream.");

    private string Take(IReadOnlyList<PlayedWord> heard)
    {
        var text = string.Join(' ', heard.Skip(_listenedTo).Select(w => w.Text));
        _listenedTo = heard.Count;
        return text;
    }
}
