using System.Net;
using System.Net.Sockets;
using System.Text;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Webhooks;

/// <summary>X-Vapi-Secret and bearer tokens over HTTP, with one secret being rotated out.</summary>
public sealed class SharedSecretTests(SharedSecretTests.Rotating api) : IClassFixture<SharedSecretTests.Rotating>
{
    private const string OldSecret = "an-old-webhook-secret-of-some-length";
    private const string Own = ApiNode.WebhookSecret;

    private static readonly byte[] s_body = Message.ToolCalls($$"""[{"id":"t1","name":"track_shipment","arguments":{{Message.Track}}}]""").Bytes();

    [Theory]
    [InlineData("X-Vapi-Secret", Own)]
    [InlineData("x-vapi-secret", Own)]
    [InlineData("Authorization", "Bearer " + Own)]
    [InlineData("Authorization", "bearer " + Own)]
    [InlineData("Authorization", Own)]
    public async Task A_right_secret_is_let_in(string header, string value) => (await PostAsync(api.Node, header, value)).Status.ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData("X-Vapi-Secret", "wrong-secret-of-thirty-two-bytes")]
    [InlineData("X-Vapi-Secret", "")]
    [InlineData("X-Vapi-Secret", Own + "x")]
    [InlineData("X-Vapi-Secret", "Bearer " + Own)]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Basic " + Own)]
    [InlineData("X-Signature", Own)]
    [InlineData("Cookie", "X-Vapi-Secret=" + Own)]
    public async Task A_wrong_secret_is_refused_with_401_and_no_body(string header, string value)
    {
        var reply = await PostAsync(api.Node, header, value);
        reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
        reply.Text.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_secret_is_refused_with_401_and_no_body()
    {
        var reply = await PostAsync(api.Node, "Accept", "*/*");
        reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
        reply.Text.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stranger_is_refused_before_the_body_is_sent()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, api.Node.BaseAddress.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /vapi/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\nX-Vapi-Secret: wrong\r\n\r\n"));
        var first = new byte[1024];
        var read = await stream.ReadAsync(first).AsTask().WaitAsync(TimeSpan.FromSeconds(3)); // not one byte of the body was ever sent
        var answer = Encoding.ASCII.GetString(first, 0, read);
        answer.ShouldStartWith("HTTP/1.1 401 ");
        answer.ShouldContain("Content-Length: 0\r\n");
    }

    [Fact]
    public async Task S5_both_secrets_are_good_while_one_is_rotated_out_and_the_old_one_is_refused_after()
    {
        for (var i = 0; i < 20; i++)
        {
            (await PostAsync(api.Node, "X-Vapi-Secret", i % 2 == 0 ? OldSecret : Own)).Status.ShouldBe(HttpStatusCode.OK);
            (await PostAsync(api.Node, "Authorization", "Bearer " + (i % 2 == 0 ? OldSecret : Own))).Status.ShouldBe(HttpStatusCode.OK);
        }

        await using var after = await api.StartNodeAsync(Settings(("Vapi:Webhook:PreviousSecret", null)));
        (await PostAsync(after, "X-Vapi-Secret", OldSecret)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(after, "X-Vapi-Secret", Own)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_bearer_token_may_come_in_another_header()
    {
        await using var node = await api.StartNodeAsync(Settings(("Vapi:Webhook:HeaderName", "X-Company-Auth")));
        (await PostAsync(node, "X-Company-Auth", "Bearer " + Own)).Status.ShouldBe(HttpStatusCode.OK);
        (await PostAsync(node, "X-Company-Auth", Own)).Status.ShouldBe(HttpStatusCode.OK);
        (await PostAsync(node, "X-Company-Auth", "Bearer wrong")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Refused_requests_leave_one_line_for_each_hundred()
    {
        await using var node = await api.StartNodeAsync();
        for (var i = 0; i < 150; i++)
        {
            (await PostAsync(node, "X-Vapi-Secret", "wrong")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        node.Logs.Lines.Count(l => l.Id.Id == 2201).ShouldBe(2);
    }

    private static Dictionary<string, string?> Settings((string Name, string? Value) setting) => new(StringComparer.Ordinal) { [setting.Name] = setting.Value };

    private static async Task<WebhookReply> PostAsync(ApiNode node, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/vapi/webhook") { Content = new ByteArrayContent(s_body) };
        request.Headers.TryAddWithoutValidation(header, value).ShouldBeTrue();
        using var answer = await node.Http.SendAsync(request);
        return new WebhookReply(answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public sealed class Rotating(PostgresCluster cluster, RedisServer redis) : PatientApi(cluster, redis)
    {
        protected override IReadOnlyDictionary<string, string?> Settings => With(base.Settings, ("Vapi:Webhook:PreviousSecret", OldSecret));
    }
}
