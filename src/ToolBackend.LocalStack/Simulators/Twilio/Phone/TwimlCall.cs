using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Xml.Linq;
using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Simulators.Twilio.Phone;

/// <summary>What Twilio does with one call: asks for documents, carries their verbs out, and carries the sound to and from a media stream.</summary>
/// <param name="rest">The call as Twilio's REST API knows it; null: it cannot be told anything there.</param>
/// <param name="end">Of the simulation.</param>
internal sealed class TwimlCall(PhoneOptions options, string callSid, PhoneRecord record, TwilioCall? rest, CancellationToken end) : IAsyncDisposable
{
    /// <summary>A call whose instructions go round in circles ends.</summary>
    private const int MostRequests = 20;

    private readonly PhoneWebhooks _webhooks = new(options, callSid, record, end);
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _verbs = [];
    private readonly List<long> _streams = [];
    private readonly long _started = options.Time.GetTimestamp();

    /// <summary>Completes with the first media stream.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Of the last media stream.</summary>
    public PhoneLine? Line { get; private set; }

    public bool IsHungUp { get => Volatile.Read(ref field); private set => Volatile.Write(ref field, value); }

    /// <summary>Completes when the call is over, by whom ever.</summary>
    public Task Over { get; private set; } = Task.CompletedTask;

    public IReadOnlyList<string> Verbs
    {
        get
        {
            lock (_verbs)
            {
                return [.. _verbs];
            }
        }
    }

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

    public void Start() => Over = RunAsync();

    /// <summary>The caller hangs up: the media stream is stopped, and nothing more is carried out.</summary>
    public async Task HangUpAsync()
    {
        IsHungUp = true;
        if (Line is { } line)
        {
            await line.StopAsync(options.AccountSid, callSid);
        }

        await Over;
    }

    /// <summary>Only the call's status callback is told of it: nobody answered.</summary>
    public async Task LetRingAsync(string status)
    {
        if (options.StatusCallback is { } callback)
        {
            await _webhooks.PostAsync(callback, status, [new("CallDuration", "0"), new("SequenceNumber", "0")]);
        }
    }

    /// <summary>The media connection breaks. When the simulation has ended, the call has.</summary>
    public async ValueTask DisposeAsync()
    {
        IsHungUp = true;
        if (Line is { } line)
        {
            await line.DisposeAsync();
        }

        await Over;
        _webhooks.Dispose();
    }

    /// <summary>Carries documents out until the call is over; then its status callback is told.</summary>
    private async Task RunAsync()
    {
        try
        {
            var next = new Instruction(options.VoiceUrl, null, []);
            for (var requests = 0; next is not null && requests < MostRequests; requests++)
            {
                next = await CarryOutAsync(next.Document ?? await AskAsync(next, requests == 0 && !options.IsOutbound ? "ringing" : "in-progress"), next.Url);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }

        if (rest is { IsOver: false })
        {
            options.Account!.Change(now => rest.End("completed", now));
        }

        if (options.StatusCallback is { } status && !end.IsCancellationRequested)
        {
            await _webhooks.PostAsync(status, "completed", [new("CallDuration", ((int)options.Time.GetElapsedTime(_started).TotalSeconds).ToString(CultureInfo.InvariantCulture)), new("SequenceNumber", "0")]);
        }
    }

    private Task<XElement> AskAsync(Instruction instruction, string status) => _webhooks.AskAsync(instruction.Url, status, instruction.More);

    /// <summary>Carries verbs out in order.</summary>
    /// <returns>What the call goes on with; null when it ends.</returns>
    private async Task<Instruction?> CarryOutAsync(XElement response, string baseUrl)
    {
        foreach (var verb in response.Elements())
        {
            if (IsHungUp)
            {
                return null;
            }

            switch (verb.Name.LocalName)
            {
                case "Connect" when verb.Element("Stream") is { } stream:
                    Did("Connect");
                    if (await StreamAsync(stream) is { } redirect)
                    {
                        return redirect;
                    }

                    if (IsHungUp)
                    {
                        return null;
                    }

                    if (verb.Attribute("action")?.Value is { } action)
                    {
                        return Follow(baseUrl, action);
                    }

                    break;
                case "Say":
                    Did($"Say {verb.Value}");
                    await Task.Delay(AudibleText.PerCharacter * verb.Value.Length, options.Time, end);
                    break;
                case "Pause":
                    await Task.Delay(TimeSpan.FromSeconds((int?)verb.Attribute("length") ?? 1), options.Time, end);
                    break;
                case "Play":
                    Did("Play");
                    await PlayAsync(new Uri(new Uri(baseUrl), verb.Value.Trim()));
                    break;
                case "Redirect":
                    Did("Redirect");
                    return Follow(baseUrl, verb.Value.Trim());
                case "Dial":
                    return await DialAsync(verb, baseUrl);
                case "Hangup":
                    Did("Hangup");
                    return null;
                default:
                    record.Violated($"12200 {verb.Name.LocalName}");
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
            file = await _webhooks.FileAsync(address);
        }
        catch (HttpRequestException)
        {
            record.Violated("11200 Play");
            return;
        }

        if (file.Length <= header || !file.AsSpan(0, 4).SequenceEqual("RIFF"u8) || file[20] != 7)
        {
            record.Violated("12300 Play");
            return;
        }

        record.Sounded(options.Time.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds((file.Length - header) / 8000.0), options.Time, end);
    }

    /// <summary>Somebody is called; who answers hears the whisper, then the two are connected until one hangs up.</summary>
    private async Task<Instruction?> DialAsync(XElement dial, string baseUrl)
    {
        var number = dial.Value.Trim();
        Did($"Dial {number}");
        var status = options.Dial(number);
        if (status is "completed" && dial.Element("Number")?.Attribute("url")?.Value is { } whisper)
        {
            var said = await AskAsync(Follow(baseUrl, whisper), "in-progress");
            foreach (var words in said.Elements("Say"))
            {
                Did($"Whisper {words.Value}");
            }
        }

        return dial.Attribute("action")?.Value is { } action && !IsHungUp ? Follow(baseUrl, action, new KeyValuePair<string, string>("DialCallStatus", status)) : null;
    }

    private void Did(string verb)
    {
        lock (_verbs)
        {
            _verbs.Add(verb);
        }
    }

    private static Instruction Follow(string baseUrl, string address, params IReadOnlyList<KeyValuePair<string, string>> more) => new(new Uri(new Uri(baseUrl), address).AbsoluteUri, null, more);

    /// <returns>What the call was told over REST meanwhile; null when the stream ended by itself.</returns>
    private async Task<Instruction?> StreamAsync(XElement stream)
    {
        var url = stream.Attribute("url")?.Value ?? "";
        var parameters = stream.Elements("Parameter").ToDictionary(p => p.Attribute("name")!.Value, p => p.Attribute("value")!.Value, StringComparer.Ordinal);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Query.Length > 0 || !(address.Scheme is "wss" || (address.Scheme is "ws" && address.IsLoopback)))
        {
            record.Violated("31922 " + url);
            return null;
        }

        if (parameters.Any(p => p.Key.Length + p.Value.Length >= 500))
        {
            record.Violated("a Parameter of 500 characters or more");
            return null;
        }

        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("x-twilio-signature", RequestSigner.Sign(options.AuthToken, url, new Dictionary<string, string>(StringComparer.Ordinal)));
        try
        {
            await socket.ConnectAsync(address, end);
        }
        catch (WebSocketException)
        {
            socket.Dispose();
            record.Violated("31920 handshake");
            return null;
        }

        Line = new PhoneLine(socket, "MZ" + RandomNumberGenerator.GetHexString(32, lowercase: true), record, options.Time, options.KeepsAudio);
        lock (_streams)
        {
            _streams.Add(options.Time.GetTimestamp());
        }

        Line.Start(options.AccountSid, callSid, parameters);
        _connected.TrySetResult();
        if (rest is null)
        {
            await Line.Closed;
            return null;
        }

        // The stream is stopped when the call is told something else.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(end);
        var told = rest.Changes.ReadAsync(over.Token).AsTask();
        await Task.WhenAny(Line.Closed, told);
        if (!told.IsCompletedSuccessfully)
        {
            await over.CancelAsync();
            await ((Task)told).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!told.IsCompletedSuccessfully)
        {
            return null;
        }

        await Line.StopAsync(options.AccountSid, callSid);
        IsHungUp |= told.Result is null;
        return told.Result switch
        {
            { Url: { } redirected } => new Instruction(redirected, null, []),
            { Twiml: { } document } => new Instruction(options.VoiceUrl, XElement.Parse(document), []),
            _ => null,
        };
    }

    /// <param name="Document">Given; null: the address is asked.</param>
    /// <param name="More">Parameters of that request.</param>
    private sealed record Instruction(string Url, XElement? Document, IReadOnlyList<KeyValuePair<string, string>> More);
}
