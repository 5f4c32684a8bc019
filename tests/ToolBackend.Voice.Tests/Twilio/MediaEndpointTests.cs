using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.Testing;
using ToolBackend.Testing.Mutation;
using ToolBackend.Voice.Tests.Calls;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.Tests.Twilio;

public sealed class MediaFixture(PostgresCluster cluster, RedisServer redis) : VoiceFixture(cluster, redis)
{
    public static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(1);

    public const string StreamKey = "a key of the media tests, 32 bytes";

    public int Opened => Deepgram.Connections.Count + ElevenLabs.Connections.Count;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Voice:StartDeadlineMilliseconds"] = StartDeadline.TotalMilliseconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture),
        ["Voice:StreamKey"] = StreamKey,
        ["Voice:MaxPendingSockets"] = "3000",
    };
}

/// <summary>The media socket's address is public: what comes there without a call of ours is closed before any provider hears of it.</summary>
public sealed class MediaEndpointTests(MediaFixture voice) : IClassFixture<MediaFixture>
{
    private const string CallSid = "CA00000000000000000000000000000007";

    private static readonly KeyValuePair<string, string>[] s_parameters = [new("assistant", "receptionist"), new("from", "+12065550142")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private StreamTokens Tokens => voice.Services.GetRequiredService<StreamTokens>();

    [Fact]
    public async Task S8_a_start_without_a_token_is_refused() => await RefusedAsync(Start(null));

    [Fact]
    public async Task S8_a_start_with_a_forged_token_is_refused() => await RefusedAsync(Start("1.2.3"));

    [Fact]
    public async Task S8_a_token_of_another_call_is_refused() => await RefusedAsync(Start(Tokens.Mint("CA00000000000000000000000000000008", s_parameters)));

    [Fact]
    public async Task S8_a_token_that_was_used_is_refused()
    {
        var token = Tokens.Mint(CallSid, s_parameters);
        Tokens.Redeem(token, CallSid, s_parameters).ShouldBe(TokenVerdict.Accepted);
        await RefusedAsync(Start(token));
    }

    [Fact]
    public async Task S8_a_token_that_has_expired_is_refused()
    {
        var past = new ManualClock(TimeProvider.System.GetUtcNow() - StreamTokens.Lifetime - TimeSpan.FromSeconds(1));
        var old = new StreamTokens(Encoding.UTF8.GetBytes(MediaFixture.StreamKey), past).Mint(CallSid, s_parameters);
        await RefusedAsync(Start(old));
    }

    [Fact]
    public async Task S8_a_token_that_was_used_at_another_replica_is_refused()
    {
        var token = Tokens.Mint(CallSid, s_parameters);
        (await voice.Services.GetRequiredService<UsedTokens>().TryUseAsync(token)).ShouldBeTrue();
        await RefusedAsync(Start(token));
    }

    [Fact]
    public async Task A_socket_that_goes_on_sending_behind_our_close_frame_is_cut()
    {
        var token = Tokens.Mint(CallSid, s_parameters);
        await voice.Services.GetRequiredService<UsedTokens>().TryUseAsync(token);
        using var socket = await ConnectAsync();
        await SendAsync(socket, Start(token));
        var began = TimeProvider.System.GetTimestamp();
        await Should.ThrowAsync<WebSocketException>(async () =>
        {
            while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(8))
            {
                await SendAsync(socket, """{"event":"mark","streamSid":"MZ00000000000000000000000000000001","mark":{"name":"r1-1"}}""");
                await Task.Delay(20, Cancellation);
            }
        });
    }

    [Fact]
    public async Task S8_a_start_that_names_another_caller_is_refused() => await RefusedAsync(Start(Tokens.Mint(CallSid, [s_parameters[0], new("from", "+12065550143")])));

    [Fact]
    public async Task S8_an_upgrade_that_Twilio_did_not_sign_is_refused()
    {
        var opened = voice.Opened;
        foreach (var signature in (string?[])[null, "", "bm90IGEgc2lnbmF0dXJlLCByZWFs", new TwilioSignature("another token").Sign(Address, [])])
        {
            using var socket = new ClientWebSocket();
            socket.Options.CollectHttpResponseDetails = true;
            if (signature is not null)
            {
                socket.Options.SetRequestHeader("x-twilio-signature", signature);
            }

            await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(new Uri(Address), Cancellation));
            socket.HttpStatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        }

        voice.Opened.ShouldBe(opened);
    }

    [Fact]
    public async Task S7_a_socket_that_does_not_start_in_time_is_closed()
    {
        var opened = voice.Opened;
        using var socket = await ConnectAsync();
        await SendAsync(socket, """{"event":"connected","protocol":"Call","version":"1.0.0"}""");
        var began = TimeProvider.System.GetTimestamp();
        await EndAsync(socket);
        TimeProvider.System.GetElapsedTime(began).ShouldBeInRange(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(4));
        voice.Opened.ShouldBe(opened);
    }

    [Fact]
    public async Task A_binary_frame_is_refused()
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(new byte[160], WebSocketMessageType.Binary, true, Cancellation);
        (await EndAsync(socket)).ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task A_message_over_16_kB_is_refused() => await RefusedAsync(leavesUnread: true, message: $$"""{"event":"connected","protocol":"{{new string('x', 17_000)}}"}""");

    [Fact]
    public async Task What_is_no_message_of_the_protocol_is_refused() => await RefusedAsync("{\"event\":");

    [Fact]
    public async Task A_flood_is_refused()
    {
        using var socket = await ConnectAsync();
        var flooding = FloodAsync(socket);
        var status = await EndAsync(socket);
        (status is WebSocketCloseStatus.PolicyViolation or null).ShouldBeTrue($"{status}"); // what was left unread may have reset it
        await flooding;
        voice.Log.Lines.ShouldNotContain(l => l.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task S7_silent_sockets_are_all_closed_while_a_live_call_goes_on_without_gaps()
    {
        const string reply = "Your parcel left the depot in Tacoma this morning. It should reach you on Thursday between two and four.";
        voice.Language.Script = _ => CompletionAnswer.Say(reply);
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        var opened = voice.Opened;
        var began = TimeProvider.System.GetTimestamp();
        var silent = Enumerable.Range(0, LongForm.Count(200, 2000)).Select(_ => SilentAsync()).ToList();
        await phone.SayAsync("Where is my parcel?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe(reply);
        var slowest = (await Task.WhenAll(silent)).Max();
        var took = TimeProvider.System.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper?.WriteLine($"{silent.Count} sockets, slowest {slowest.TotalSeconds:0.0} s from its upgrade, all in {took.TotalSeconds:0.0} s; {phone.Record.Underruns} gaps.");
        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(6));
        phone.Record.Underruns.ShouldBe(0);
        voice.Opened.ShouldBe(opened);
    }

    [Fact]
    public async Task S7_requests_whose_headers_never_end_are_closed()
    {
        var port = new Uri(voice.Url).Port;
        var closed = await Task.WhenAll(Enumerable.Range(0, LongForm.Count(50, 500)).Select(async _ =>
        {
            using var tcp = new System.Net.Sockets.TcpClient();
            await tcp.ConnectAsync(System.Net.IPAddress.Loopback, port, Cancellation);
            var began = TimeProvider.System.GetTimestamp();
            await tcp.GetStream().WriteAsync("GET /twilio/media HTTP/1.1\r\nHost: x\r\n"u8.ToArray(), Cancellation);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(20));
            var buffer = new byte[1024];
            while (await tcp.GetStream().ReadAsync(buffer, limit.Token) > 0)
            {
                // 408, and then the end.
            }

            return TimeProvider.System.GetElapsedTime(began);
        }));
        closed.Max().ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task B2_mutated_messages_on_open_streams_end_them_with_a_code_and_other_calls_go_on()
    {
        const string reply = "Your parcel left the depot in Tacoma this morning. It should reach you on Thursday between two and four.";
        voice.Language.Script = _ => CompletionAnswer.Say(reply);
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        var nonsense = BreakAsync(LongForm.Count(12, 20_000));
        do
        {
            await phone.SayAsync("Where is my parcel?", Cancellation);
            (await phone.ListenAsync(Cancellation)).ShouldBe(reply);
        }
        while (!nonsense.IsCompleted);

        var statuses = await nonsense;
        phone.Record.Underruns.ShouldBe(0);
        statuses.ShouldAllBe(s => s == WebSocketCloseStatus.PolicyViolation || s == WebSocketCloseStatus.NormalClosure || s == WebSocketCloseStatus.InvalidPayloadData || s == null); // null: what was left unread has reset it
        statuses.ShouldContain(WebSocketCloseStatus.PolicyViolation);
        voice.Log.Lines.ShouldNotContain(l => l.StartsWith("Error", StringComparison.Ordinal));
        using var http = new HttpClient();
        (await http.GetAsync(voice.Url + "/readyz", Cancellation)).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
    }

    private async Task<List<WebSocketCloseStatus?>> BreakAsync(int sockets)
    {
        var random = new Random(20261130);
        var statuses = new List<WebSocketCloseStatus?>();
        for (var socket = 0; socket < sockets; socket++)
        {
            statuses.Add(await BreakAsync(socket, new TextMutator(new Random(random.Next()))));
        }

        return statuses;
    }

    /// <summary>A stream that is let in, and then talks nonsense: up to 50 messages, until it is closed.</summary>
    private async Task<WebSocketCloseStatus?> BreakAsync(int number, TextMutator mutator)
    {
        var callSid = $"CA{number:x32}";
        using var socket = await ConnectAsync();
        await SendAsync(socket, Start(Tokens.Mint(callSid, s_parameters)).Replace(CallSid, callSid, StringComparison.Ordinal));
        var ending = EndAsync(socket);
        try
        {
            for (var i = 0; i < 50 && !ending.IsCompleted; i++)
            {
                await socket.SendAsync(mutator.Mutate(Encoding.UTF8.GetBytes(s_real[i % s_real.Length])), WebSocketMessageType.Text, true, Cancellation);
            }

            if (!ending.IsCompleted)
            {
                await SendAsync(socket, """{"event":"stop","sequenceNumber":"60","stop":{},"streamSid":"MZ00000000000000000000000000000001"}""");
            }
        }
        catch (Exception e) when (e is WebSocketException || (e is OperationCanceledException && !Cancellation.IsCancellationRequested))
        {
            // It was closed meanwhile, which the reader tells. A send that the other side's reset meets counts as cancelled.
        }

        return await ending;
    }

    private static readonly string[] s_real =
    [
        """{"event":"media","sequenceNumber":"4","media":{"track":"inbound","chunk":"1","timestamp":"5","payload":"//////////////////////////////////////8="},"streamSid":"MZ00000000000000000000000000000001"}""",
        """{"event":"mark","sequenceNumber":"5","streamSid":"MZ00000000000000000000000000000001","mark":{"name":"r1-1"}}""",
        """{"event":"dtmf","streamSid":"MZ00000000000000000000000000000001","sequenceNumber":"6","dtmf":{"track":"inbound_track","digit":"1"}}""",
    ];

    private string Address => "ws" + voice.Url[4..] + MediaEndpoint.Path;

    /// <param name="leavesUnread">The kernel then may reset the connection, and the close frame is lost.</param>
    private async Task RefusedAsync(string message, bool leavesUnread = false)
    {
        var opened = voice.Opened;
        using var socket = await ConnectAsync();
        await SendAsync(socket, message);
        var status = await EndAsync(socket);
        (status is WebSocketCloseStatus.PolicyViolation || (leavesUnread && status is null)).ShouldBeTrue($"{status}");
        voice.Opened.ShouldBe(opened);
    }

    private async Task<ClientWebSocket> ConnectAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("x-twilio-signature", new TwilioSignature(VoiceFixture.AuthToken).Sign(Address, []));
        await socket.ConnectAsync(new Uri(Address), Cancellation);
        return socket;
    }

    private async Task<TimeSpan> SilentAsync()
    {
        using var socket = await ConnectAsync();
        var began = TimeProvider.System.GetTimestamp();
        await EndAsync(socket);
        return TimeProvider.System.GetElapsedTime(began);
    }

    private async Task FloodAsync(ClientWebSocket socket)
    {
        try
        {
            for (var i = 0; i < 5000; i++)
            {
                await SendAsync(socket, """{"event":"connected","protocol":"Call","version":"1.0.0"}""");
            }
        }
        catch (WebSocketException)
        {
            // It was closed, which the reader checks.
        }
    }

    private static Task SendAsync(ClientWebSocket socket, string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Cancellation);

    /// <returns>The status of the close frame; null when the connection was cut.</returns>
    private static async Task<WebSocketCloseStatus?> EndAsync(ClientWebSocket socket)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        var buffer = new byte[4096];
        try
        {
            while ((await socket.ReceiveAsync(buffer, limit.Token)).MessageType is not WebSocketMessageType.Close)
            {
                // Nothing is ever said to a socket without a call; if it were, it would be of no interest.
            }
        }
        catch (WebSocketException)
        {
            return null;
        }

        return socket.CloseStatus;
    }

    private static string Start(string? token) => JsonSerializer.Serialize(new
    {
        @event = "start",
        sequenceNumber = "1",
        start = new
        {
            accountSid = "AC00000000000000000000000000000001",
            streamSid = "MZ00000000000000000000000000000001",
            callSid = CallSid,
            tracks = new[] { "inbound" },
            mediaFormat = new { encoding = "audio/x-mulaw", sampleRate = 8000, channels = 1 },
            customParameters = token is null ? [] : new Dictionary<string, string>(s_parameters.Append(new("token", token)), StringComparer.Ordinal),
        },
        streamSid = "MZ00000000000000000000000000000001",
    });
}
