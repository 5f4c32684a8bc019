using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;
using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Simulators.Twilio.Phone;

/// <summary>
/// A person who calls a number at Twilio, and Twilio between: webhooks signed as theirs are, TwiML carried out, a media stream at the pace of a telephone line. Driven by a script in code:
/// say, listen, press, hang up.
/// </summary>
public sealed class TwilioPhone : IAsyncDisposable
{
    /// <summary>A call whose instructions go round in circles ends.</summary>
    private const int MostRequests = 20;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    private readonly PhoneOptions _options;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _verbs = [];
    private readonly List<long> _streams = [];
    private readonly TwilioCall? _rest;
    private PhoneLine? _line;
    private Task _call = Task.CompletedTask;
    private int _listenedTo;
    private volatile bool _hungUp;
    private long _started;

    private TwilioPhone(PhoneOptions options)
    {
        _options = options;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = options.WebhookDeadline };
        CallSid = options.Answers?.Sid ?? "CA" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        _rest = options.Answers ?? options.Account?.AddLiveCall(options.From, options.To, CallSid);
    }

    public string CallSid { get; }

    public PhoneRecord Record { get; } = new();

    /// <summary>TwiML verbs that were carried out, in order, such as <c>Connect</c>, <c>Dial +12065550110</c>, <c>Hangup</c>.</summary>
    public IReadOnlyList<string> Verbs => [.. _verbs];

    /// <summary>Completes when the call is over, by whom ever.</summary>
    public Task Over => _call;

    /// <summary>When the media stream was started (<see cref="TimeProvider.GetTimestamp"/>), the last one if there were several; 0 before.</summary>
    public long StreamStarted => Streams is [.., var last] ? last : 0;

    /// <summary>When each of the call's media streams was started.</summary>
    public IReadOnlyList<long> Streams
    {
        get
        {
            lock (_streams)
            {
                return [.. _streams];
            }
        }
    }

    /// <summary>What was played to the caller, mu-law; only with <see cref="PhoneOptions.KeepsAudio"/>.</summary>
    public byte[] Recording => _line?.Recording ?? [];

    /// <summary>All that the caller heard so far.</summary>
    public string HeardText => string.Join(' ', Record.Heard.Select(w => w.Text));

    /// <summary>Dials; returns when the media stream is connected.</summary>
    /// <exception cref="LocalStackException">The call ended before it was.</exception>
    public static async Task<TwilioPhone> CallAsync(PhoneOptions options, CancellationToken cancellation)
    {
        var phone = new TwilioPhone(options);
        phone._started = options.Time.GetTimestamp();
        phone._call = phone.RunAsync();
        await Task.WhenAny(phone._connected.Task, phone._call).WaitAsync(cancellation);
        if (!phone._connected.Task.IsCompletedSuccessfully)
        {
            await using (phone)
            {
                await phone._call;
                throw new LocalStackException($"The call was not connected: {string.Join(", ", phone._verbs.Concat(phone.Record.Violations))}");
            }
        }

        return phone;
    }

    /// <summary>Like <see cref="CallAsync"/>, for a call that need not come to a stream: returns when it is over or connected.</summary>
    public static async Task<TwilioPhone> DialAsync(PhoneOptions options, CancellationToken cancellation)
    {
        var phone = new TwilioPhone(options);
        phone._started = options.Time.GetTimestamp();
        phone._call = phone.RunAsync();
        await Task.WhenAny(phone._connected.Task, phone._call).WaitAsync(cancellation);
        return phone;
    }

    /// <summary>Says a sentence; returns when its last sound has left.</summary>
    public async Task SayAsync(string text, CancellationToken cancellation)
    {
        var line = Line();
        line.Say(_options.Speak(text));
        while (line.IsSpeaking && !line.Closed.IsCompleted)
        {
            await Task.Delay(s_look, _options.Time, cancellation);
        }

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
        var said = Record.Said is [.., var last] ? last.At : 0;
        while (true)
        {
            var (count, lastAt) = Record.HeardSoFar;
            var hasAnswered = count > _listenedTo && lastAt > said;
            var isQuiet = hasAnswered && Line().Waiting == 0 && time.GetElapsedTime(lastAt) > (quiet ?? TimeSpan.FromMilliseconds(700));
            if (isQuiet || (hasAnswered && Line().Closed.IsCompleted))
            {
                return Take(Record.Heard);
            }

            if (time.GetElapsedTime(began) > (patience ?? TimeSpan.FromSeconds(15)) || Line().Closed.IsCompleted)
            {
                throw new TimeoutException($"The caller heard nothing more. So far: {HeardText}");
            }

            await Task.Delay(s_look, time, cancellation);
        }
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
        if (call.Created.GetValueOrDefault("StatusCallback") is { } callback)
        {
            await phone.PostAsync(callback, status, [new("CallDuration", "0"), new("SequenceNumber", "0")]).WaitAsync(cancellation);
        }
    }

    public TimeSpan Elapsed(long from, long to) => _options.Time.GetElapsedTime(from, to);

    public Task WaitAsync(TimeSpan time, CancellationToken cancellation) => Task.Delay(time, _options.Time, cancellation);

    public void Press(char digit) => Line().Press(digit);

    /// <summary>A message as it stands, for whoever wants to break the protocol.</summary>
    public void PostRaw(string message) => Line().Post(message);

    /// <summary>The caller hangs up: <c>stop</c>, the socket closes, the status callback follows.</summary>
    public async Task HangUpAsync()
    {
        _hungUp = true;
        if (_line is { } line)
        {
            await line.StopAsync(_options.AccountSid, CallSid);
        }

        await _call;
    }

    /// <summary>The media connection breaks; the call goes on at Twilio with its next instruction.</summary>
    public void DropStream() => Line().Drop();

    public async ValueTask DisposeAsync()
    {
        _hungUp = true;
        await _end.CancelAsync();
        if (_line is { } line)
        {
            await line.DisposeAsync();
        }

        await _call;
        _http.Dispose();
        _end.Dispose();
    }

    private static PhoneOptions Options(TwilioAccount account, TwilioCall call) => new()
    {
        VoiceUrl = call.Created["Url"], StatusCallback = call.Created.GetValueOrDefault("StatusCallback"), From = call.From, To = call.To, IsOutbound = true, Account = account, Answers = call,
    };

    private PhoneLine Line() => _line ?? throw new LocalStackException("The call has no media stream.");

    private string Take(IReadOnlyList<PlayedWord> heard)
    {
        var text = string.Join(' ', heard.Skip(_listenedTo).Select(w => w.Text));
        _listenedTo = heard.Count;
        return text;
    }

    private async Task RunAsync()
    {
        try
        {
            var next = new Instruction(_options.VoiceUrl, null, []);
            for (var requests = 0; next is not null && requests < MostRequests; requests++)
            {
                next = await CarryOutAsync(next.Document ?? await AskAsync(next, requests == 0 && !_options.IsOutbound ? "ringing" : "in-progress"), next.Url);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }

        if (_rest is { IsOver: false } rest)
        {
            _options.Account!.Change(now => rest.End("completed", now));
        }

        if (_options.StatusCallback is { } status && !_end.IsCancellationRequested)
        {
            await PostAsync(status, "completed", [new("CallDuration", ((int)_options.Time.GetElapsedTime(_started).TotalSeconds).ToString(CultureInfo.InvariantCulture)), new("SequenceNumber", "0")]);
        }
    }

    /// <summary>TwiML of an address; of the fallback when that fails; a hang-up when that fails too.</summary>
    private async Task<XElement> AskAsync(Instruction instruction, string status)
    {
        var url = instruction.Url;
        var (answer, error) = await TryAsync(url, status, instruction.More);
        if (answer is null && _options.FallbackUrl is { } fallback)
        {
            (answer, error) = await TryAsync(fallback, status, [new("ErrorCode", error!), new("ErrorUrl", url)]);
        }

        if (answer is null)
        {
            Record.Violated($"{error} application error");
        }

        return answer ?? new XElement("Response");
    }

    private async Task<(XElement? Answer, string? Error)> TryAsync(string url, string status, IReadOnlyList<KeyValuePair<string, string>> more)
    {
        try
        {
            var body = await PostAsync(url, status, more);
            return body is null ? (null, "11200") : (XElement.Parse(body), null);
        }
        catch (XmlException)
        {
            return (null, "12100");
        }
    }

    private async Task<string?> PostAsync(string url, string status, IReadOnlyList<KeyValuePair<string, string>> more)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CallSid"] = CallSid, ["AccountSid"] = _options.AccountSid, ["ApiVersion"] = "2010-04-01", ["From"] = _options.From, ["To"] = _options.To, ["Caller"] = _options.From,
            ["Called"] = _options.To, ["CallStatus"] = status, ["Direction"] = _options.IsOutbound ? "outbound-api" : "inbound", ["FromCity"] = "", ["FromCountry"] = "US", ["CallToken"] = "%7B%7D",
        };
        foreach (var (name, value) in _options.AnsweredBy is { } answered ? [.. more, new("AnsweredBy", answered)] : more)
        {
            form[name] = value;
        }

        var bare = url.Split('#')[0];
        using var request = new HttpRequestMessage(HttpMethod.Post, bare) { Content = new FormUrlEncodedContent(form) };
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", RequestSigner.Sign(_options.AuthToken, bare, form));
        request.Headers.TryAddWithoutValidation("I-Twilio-Idempotency-Token", Guid.NewGuid().ToString());
        request.Headers.TryAddWithoutValidation("User-Agent", "TwilioProxy/1.1");
        try
        {
            using var response = await _http.SendAsync(request, _end.Token);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(_end.Token) : null;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !_end.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Carries verbs out in order.</summary>
    /// <returns>What the call goes on with; null when it ends.</returns>
    private async Task<Instruction?> CarryOutAsync(XElement response, string baseUrl)
    {
        foreach (var verb in response.Elements())
        {
            if (_hungUp)
            {
                return null;
            }

            switch (verb.Name.LocalName)
            {
                case "Connect" when verb.Element("Stream") is { } stream:
                    _verbs.Add("Connect");
                    if (await StreamAsync(stream) is { } redirect)
                    {
                        return redirect;
                    }

                    if (_hungUp)
                    {
                        return null;
                    }

                    if (verb.Attribute("action")?.Value is { } action)
                    {
                        return Follow(baseUrl, action);
                    }

                    break;
                case "Say":
                    _verbs.Add($"Say {verb.Value}");
                    await Task.Delay(AudibleText.PerCharacter * verb.Value.Length, _options.Time, _end.Token);
                    break;
                case "Pause":
                    await Task.Delay(TimeSpan.FromSeconds((int?)verb.Attribute("length") ?? 1), _options.Time, _end.Token);
                    break;
                case "Play":
                    _verbs.Add("Play");
                    await PlayAsync(new Uri(new Uri(baseUrl), verb.Value.Trim()));
                    break;
                case "Redirect":
                    _verbs.Add("Redirect");
                    return Follow(baseUrl, verb.Value.Trim());
                case "Dial":
                    return await DialAsync(verb, baseUrl);
                case "Hangup":
                    _verbs.Add("Hangup");
                    return null;
                default:
                    Record.Violated($"12200 {verb.Name.LocalName}");
                    break;
            }
        }

        return null;
    }

    /// <summary>A file of mu-law at 8 kHz, the only kind that this telephone plays.</summary>
    private async Task PlayAsync(Uri address)
    {
        const int header = 44;
        byte[] file;
        try
        {
            file = await _http.GetByteArrayAsync(address, _end.Token);
        }
        catch (HttpRequestException)
        {
            Record.Violated("11200 Play");
            return;
        }

        if (file.Length <= header || !file.AsSpan(0, 4).SequenceEqual("RIFF"u8) || file[20] != 7)
        {
            Record.Violated("12300 Play");
            return;
        }

        Record.Sounded(_options.Time.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds((file.Length - header) / 8000.0), _options.Time, _end.Token);
    }

    /// <summary>Somebody is called; who answers hears the whisper, then the two are connected until one hangs up.</summary>
    private async Task<Instruction?> DialAsync(XElement dial, string baseUrl)
    {
        var number = dial.Value.Trim();
        _verbs.Add($"Dial {number}");
        var status = _options.Dial(number);
        if (status is "completed" && dial.Element("Number")?.Attribute("url")?.Value is { } whisper)
        {
            var said = await AskAsync(Follow(baseUrl, whisper), "in-progress");
            _verbs.AddRange(said.Elements("Say").Select(s => $"Whisper {s.Value}"));
        }

        return dial.Attribute("action")?.Value is { } action && !_hungUp ? Follow(baseUrl, action, new KeyValuePair<string, string>("DialCallStatus", status)) : null;
    }

    private static Instruction Follow(string baseUrl, string address, params IReadOnlyList<KeyValuePair<string, string>> more) => new(new Uri(new Uri(baseUrl), address).AbsoluteUri, null, more);

    /// <returns>What the call was told over REST meanwhile; null when the stream ended by itself.</returns>
    private async Task<Instruction?> StreamAsync(XElement stream)
    {
        var url = stream.Attribute("url")?.Value ?? "";
        var parameters = stream.Elements("Parameter").ToDictionary(p => p.Attribute("name")!.Value, p => p.Attribute("value")!.Value, StringComparer.Ordinal);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Query.Length > 0 || !(address.Scheme is "wss" || (address.Scheme is "ws" && address.IsLoopback)))
        {
            Record.Violated("31922 " + url);
            return null;
        }

        if (parameters.Any(p => p.Key.Length + p.Value.Length >= 500))
        {
            Record.Violated("a Parameter of 500 characters or more");
            return null;
        }

        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("x-twilio-signature", RequestSigner.Sign(_options.AuthToken, url, new Dictionary<string, string>(StringComparer.Ordinal)));
        try
        {
            await socket.ConnectAsync(address, _end.Token);
        }
        catch (WebSocketException)
        {
            socket.Dispose();
            Record.Violated("31920 handshake");
            return null;
        }

        _line = new PhoneLine(socket, "MZ" + RandomNumberGenerator.GetHexString(32, lowercase: true), Record, _options.Time, _options.KeepsAudio);
        lock (_streams)
        {
            _streams.Add(_options.Time.GetTimestamp());
        }

        _line.Start(_options.AccountSid, CallSid, parameters);
        _connected.TrySetResult();
        if (_rest is null)
        {
            await _line.Closed;
            return null;
        }

        // The stream is stopped when the call is told something else.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        var told = _rest.Changes.ReadAsync(over.Token).AsTask();
        await Task.WhenAny(_line.Closed, told);
        if (!told.IsCompletedSuccessfully)
        {
            await over.CancelAsync();
            await ((Task)told).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!told.IsCompletedSuccessfully)
        {
            return null;
        }

        await _line.StopAsync(_options.AccountSid, CallSid);
        _hungUp |= told.Result is null;
        return told.Result switch
        {
            { Url: { } redirected } => new Instruction(redirected, null, []),
            { Twiml: { } document } => new Instruction(_options.VoiceUrl, XElement.Parse(document), []),
            _ => null,
        };
    }

    /// <param name="Document">Given; null: the address is asked.</param>
    /// <param name="More">Parameters of that request.</param>
    private sealed record Instruction(string Url, XElement? Document, IReadOnlyList<KeyValuePair<string, string>> More);
}
