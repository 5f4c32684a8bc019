using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Testing;
using ToolBackend.Vapi.Messages;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Api.Tests.Webhooks;

/// <summary>Vapi's configurable HMAC over HTTP: signature over the raw bytes, signed time, replay, rotation.</summary>
public sealed class HmacTests(HmacTests.Signed api) : IClassFixture<HmacTests.Signed>
{
    private const string Secret = "hmac-secret-of-at-least-24-bytes";
    private const string OldSecret = "the-hmac-secret-that-is-rotated-out";

    private static readonly DateTimeOffset s_now = new(2026, 12, 1, 18, 0, 0, TimeSpan.Zero);

    private static WebhookHmacOptions Custom => new() { Secret = Secret, SignaturePrefix = "sha256=" };

    [Fact]
    public async Task A_signed_message_is_let_in_and_any_change_to_it_is_refused()
    {
        var body = Body("t1");
        (await PostAsync(api.Node, body, Headers(Custom, body))).Status.ShouldBe(HttpStatusCode.OK);

        var changed = body.ToArray();
        changed[^20] ^= 1;
        await RefusedAsync(changed, Headers(Custom, body));
        await RefusedAsync(body, Headers(new() { Secret = "another-secret-of-24-bytes-or-more", SignaturePrefix = "sha256=" }, body));
        await RefusedAsync(body, [.. Headers(Custom, body).Where(h => h.Key != "x-timestamp")]);
        await RefusedAsync(body, [.. Headers(Custom, body).Where(h => h.Key != "x-signature")]);
        await RefusedAsync(body, [new("X-Vapi-Secret", Secret)]);
        await RefusedAsync(body, []);
    }

    [Theory]
    [InlineData(-301, HttpStatusCode.Unauthorized)]
    [InlineData(-300, HttpStatusCode.OK)]
    [InlineData(300, HttpStatusCode.OK)]
    [InlineData(301, HttpStatusCode.Unauthorized)]
    public async Task S4_a_signed_time_counts_up_to_300_seconds_either_way(int seconds, HttpStatusCode expected)
    {
        var body = Body("t1");
        (await PostAsync(api.Node, body, Headers(Custom, body, s_now.AddSeconds(seconds)))).Status.ShouldBe(expected);
    }

    [Fact]
    public async Task S4_a_replayed_message_has_one_effect()
    {
        var body = Body("replayed", """{"trackingNumber":"TB1042","safePlace":"the blue shed"}""", "change_delivery");
        var headers = Headers(Custom, body);
        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => PostAsync(api.Node, body, headers)));
        replies.ShouldAllBe(r => r.Status == HttpStatusCode.OK);
        replies.Select(r => r.Text).Distinct().ShouldHaveSingleItem().ShouldContain("will be left at the blue shed");
        (await api.QueryAsync("select count(*) from delivery_change")).ShouldBe(1L);
    }

    [Fact]
    public async Task S5_signatures_of_both_secrets_are_good_until_the_old_one_is_removed()
    {
        var body = Body("t1");
        var old = Headers(new() { Secret = OldSecret, SignaturePrefix = "sha256=" }, body);
        (await PostAsync(api.Node, body, old)).Status.ShouldBe(HttpStatusCode.OK);
        await using var after = await api.StartNodeAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vapi:Webhook:Hmac:PreviousSecret"] = null });
        (await PostAsync(after, body, old)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(after, body, Headers(Custom, body))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_Standard_Webhooks_profile_needs_its_three_headers()
    {
        var secret = "whsec_" + Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes("standard-webhooks-secret-of-32-b"));
        await using var node = await api.StartNodeAsync(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Vapi:Webhook:Hmac:Secret"] = secret, ["Vapi:Webhook:Hmac:PreviousSecret"] = null, ["Vapi:Webhook:Hmac:Profile"] = "StandardWebhooks", ["Vapi:Webhook:Hmac:SignaturePrefix"] = null,
        });
        var body = Body("t1");
        var good = Headers(new() { Secret = secret, Profile = WebhookHmacProfile.StandardWebhooks }, body);
        good.Select(h => h.Key).ShouldBe(["webhook-id", "webhook-timestamp", "webhook-signature"]);
        (await PostAsync(node, body, good)).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var missing in good)
        {
            (await PostAsync(node, body, [.. good.Where(h => h.Key != missing.Key)])).Status.ShouldBe(HttpStatusCode.Unauthorized, missing.Key);
        }

        var list = good.Select(h => h.Key == "webhook-signature" ? new KeyValuePair<string, string>(h.Key, "v1a,unknown v1,AAAA " + h.Value) : h);
        (await PostAsync(node, body, [.. list])).Status.ShouldBe(HttpStatusCode.OK, "bad entries of a list are skipped");
    }

    private async Task RefusedAsync(byte[] body, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var reply = await PostAsync(api.Node, body, headers);
        reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
        reply.Text.ShouldBeEmpty();
    }

    private static byte[] Body(string id, string arguments = Message.Track, string tool = "track_shipment") =>
        SampleMessages.ToolCalls([new(id, tool, arguments)], "call-hmac", DemoSeed.CallerPhone, s_now);

    private static IReadOnlyList<KeyValuePair<string, string>> Headers(WebhookHmacOptions hmac, byte[] body, DateTimeOffset? sentAt = null)
    {
        using var signer = new WebhookSigner(new WebhookAuthenticationOptions { Hmac = hmac });
        return signer.Headers(body, sentAt ?? s_now);
    }

    private static async Task<WebhookReply> PostAsync(ApiNode node, byte[] body, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/vapi/webhook") { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await node.Http.SendAsync(request);
        return new WebhookReply(answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public sealed class Signed(PostgresCluster cluster, RedisServer redis) : PatientApi(cluster, redis)
    {
        protected override IReadOnlyDictionary<string, string?> Settings => With(
            base.Settings, ("Vapi:Webhook:Secret", null), ("Vapi:Webhook:Hmac:Secret", Secret), ("Vapi:Webhook:Hmac:PreviousSecret", OldSecret), ("Vapi:Webhook:Hmac:SignaturePrefix", "sha256="));

        protected override Action<WebApplicationBuilder> Adjust => builder => builder.Services.AddSingleton<TimeProvider>(new SetClock { Now = s_now });
    }
}
