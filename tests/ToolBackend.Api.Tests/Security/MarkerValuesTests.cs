using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ToolBackend.Api.Tests.Webhooks;
using ToolBackend.Core.Tools;
using ToolBackend.LocalStack.Faults;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Security;

/// <summary>
/// S12: values that belong to a person or open a door are driven through every path, and then everything that leaves the process sideways is searched:
/// log lines (own categories from Trace, the framework's as appsettings has them), spans, metric tags, bodies of errors.
/// </summary>
public sealed class MarkerValuesTests(MarkerValuesTests.Verbose api) : IClassFixture<MarkerValuesTests.Verbose>
{
    private const string Phone = "+14155550177";
    private const string Secret = "marker-webhook-secret-of-32-bytes";
    private const string WrongSecret = "wrong-markersecret-of-someone-else";

    private static readonly string[] s_markers =
        ["4155550177", "Markerwitz", "Zebulon", "Markersender", "TBMARKER7", "markerstone", "MRKRF7", "markertext", Secret, WrongSecret, ApiNode.WebhookSecret, ApiNode.OperatorKey];

    private readonly ConcurrentQueue<string> _errorBodies = new();

    [Fact]
    public async Task S12_marker_values_reach_no_log_no_span_no_metric_and_no_error()
    {
        await SeedAsync();
        using var telemetry = new ExportedTelemetry(); // the seeding is the test's own SQL, with the values in it
        await CallAllToolsAsync(api.Node);
        await SendOtherMessagesAsync(api.Node);
        await SendWhatIsRefusedAsync(api.Node);
        await FailInsideAsync();
        var away = await LosePostgresAsync();
        var broken = await BreakTheSchemaAsync();

        var lines = api.Logs.Lines.Concat(away).Concat(broken).ToList();
        Hits(lines.Select(l => $"{l.Level} {l.Category}: {l.Text}")).ShouldBeEmpty("log lines");
        Hits(telemetry.Texts).ShouldBeEmpty("spans and metrics");
        Hits(_errorBodies).ShouldBeEmpty("bodies of errors");

        // The search is worth something only if all paths left traces.
        foreach (var id in new[] { 1201, 1202, 1203, 2201, 2301 })
        {
            lines.ShouldContain(l => l.Id.Id == id);
        }

        var texts = telemetry.Texts;
        texts.ShouldContain(t => t.StartsWith("Npgsql: ") && t.Contains("select"));
        texts.ShouldContain(t => t.StartsWith("Microsoft.AspNetCore: ") && t.Contains("POST /vapi/webhook"));
        foreach (var outcome in new[] { "tracked", "not_found", "booked", "changed_safe_place", "confirmation_needed", "arguments_refused", "lookup_unavailable", "nothing_changed", "outcome_unknown" })
        {
            texts.ShouldContain("gen_ai.execute_tool.duration: toolbackend.outcome=" + outcome);
        }

        texts.ShouldContain("toolbackend.webhook.refusals: toolbackend.reason=malformed");
        api.Logs.Lines.ShouldNotContain(l => l.Category.StartsWith("Microsoft.AspNetCore") && l.Level < Microsoft.Extensions.Logging.LogLevel.Warning, "appsettings is in force");
        _errorBodies.ShouldContain(b => b.Contains("Not a Vapi message"));
    }

    private IEnumerable<string> Hits(IEnumerable<string> texts) =>
        texts.Where(t => s_markers.Append(new NpgsqlConnectionStringBuilder(api.ConnectionString).Password!).Any(m => t.Contains(m, StringComparison.OrdinalIgnoreCase)));

    private Task<object?> SeedAsync() => api.QueryAsync($"""
        with c as (insert into customer (phone, name) values ('{Phone}', 'Zebulon Markerwitz') returning customer_id),
        s as (insert into shipment (tracking_number, customer_id, sender_name, status, destination_city, time_zone, promised_on)
              select 'TBMARKER7', customer_id, 'Markersender', 'in_transit', 'Seattle', 'America/Los_Angeles', current_date + 2 from c)
        update appointment set reference = 'MRKRF7', customer_id = (select customer_id from c) where reference = 'HRB401'
        """);

    private static async Task CallAllToolsAsync(ApiNode node)
    {
        (string Tool, string Arguments)[] calls =
        [
            ("track_shipment", """{"trackingNumber":"TBMARKER7","name":"Markerwitz"}"""),
            ("track_shipment", """{"trackingNumber":"TBMARKER8","name":"Markerwitzky"}"""),
            ("track_shipment", """{"trackingNumber":{"markertext":1}}"""),
            ("track_shipment", $$"""{"trackingNumber":"{{new string('x', 300)}} markertext"}"""),
            ("list_shipments", """{"markertext":"markertext"}"""),
            ("list_appointments", """{"reference":"MRKRF7","name":"Markerwitz"}"""),
            ("find_open_slots", """{"service":"markertext","practitioner":"Zebulon","date":"markertext"}"""),
            ("find_open_slots", """{"service":"Check-up"}"""),
            ("book_appointment", """{"service":"Check-up","date":"tomorrow","time":"markertext","name":"Zebulon Markerwitz"}"""),
            ("change_delivery", """{"trackingNumber":"TBMARKER7","safePlace":"under the markerstone"}"""),
            ("change_delivery", """{"trackingNumber":"TBMARKER7","pickupPoint":"markertext"}"""),
            ("cancel_appointment", """{"reference":"MRKRF7","name":"Markerwitz"}"""),
            ("reschedule_appointment", """{"reference":"MRKRF7","newDate":"markertext","newTime":"markertext"}"""),
            ("markertext_tool", """{"name":"Zebulon"}"""),
        ];
        foreach (var (tool, arguments) in calls)
        {
            foreach (var caller in new[] { Phone, null })
            {
                (await node.PostToolCallAsync(tool, arguments, "call-" + tool, caller: caller)).Status.ShouldBe(HttpStatusCode.OK);
            }
        }
    }

    private async Task SendOtherMessagesAsync(ApiNode node)
    {
        var day = (string)(await api.QueryAsync("select to_char(d, 'YYYY-MM-DD') from generate_series(now() + interval '20 days', now() + interval '30 days', interval '1 day') d where extract(isodow from d) = 3 limit 1"))!;
        (await node.PostToolCallAsync("book_appointment", $$"""{"service":"Check-up","date":"{{day}}","time":"11 AM","name":"Zebulon Markerwitz"}""", caller: Phone)).Say.ShouldStartWith("Booked");
        foreach (var type in new[] { "assistant-request", "transfer-destination-request", "handoff-destination-request", "status-update", "function-call", "markertext.type" })
        {
            var message = Message.Of(type, Phone, line: Phone);
            message["parameters"] = new JsonObject { ["note"] = "markertext" };
            message["assistant"] = new JsonObject { ["name"] = "markertext" };
            message["functionCall"] = new JsonObject { ["name"] = "track_shipment", ["parameters"] = JsonNode.Parse("""{"trackingNumber":"TBMARKER7"}""") };
            (await node.PostAsync(message)).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    private async Task SendWhatIsRefusedAsync(ApiNode node)
    {
        var whole = Message.ToolCalls("""[{"id":"t","name":"track_shipment","arguments":{"trackingNumber":"TBMARKER7","name":"Zebulon Markerwitz"}}]""", caller: Phone).Bytes();
        byte[][] malformed =
        [
            whole[..^3], [.. whole, .. "markertext"u8], [0xEF, 0xBB, 0xBF, .. whole], [.. whole[..40], 0xFF, .. whole[40..]], "\"markertext\""u8.ToArray(),
            """{"message":{"type":"tool-calls","type":"markertext"}}"""u8.ToArray(), """{"message":"markertext"}"""u8.ToArray(), """{"message":{"type":["markertext"]}}"""u8.ToArray(),
        ];
        foreach (var body in malformed)
        {
            await RefusedAsync(node, HttpStatusCode.BadRequest, HttpMethod.Post, "/vapi/webhook", body, Secret);
        }

        await RefusedAsync(node, HttpStatusCode.Unauthorized, HttpMethod.Post, "/vapi/webhook", whole, WrongSecret);
        await RefusedAsync(node, HttpStatusCode.Unauthorized, HttpMethod.Post, "/vapi/webhook?phone=4155550177", whole, null);
        await RefusedAsync(node, HttpStatusCode.RequestEntityTooLarge, HttpMethod.Post, "/vapi/webhook", Encoding.ASCII.GetBytes(new string('m', 5 * 1024 * 1024) + "markertext"), Secret);
        await RefusedAsync(node, HttpStatusCode.MethodNotAllowed, HttpMethod.Put, "/vapi/webhook?name=Markerwitz", whole, Secret);
        await RefusedAsync(node, HttpStatusCode.NotFound, HttpMethod.Get, "/TBMARKER7/Markerwitz?phone=4155550177", null, Secret);
        await RefusedAsync(node, HttpStatusCode.NotFound, new HttpMethod("MARKERTEXT"), "/TBMARKER7", null, Secret);
    }

    private async Task RefusedAsync(ApiNode node, HttpStatusCode expected, HttpMethod method, string path, byte[]? body, string? secret)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new ByteArrayContent(body) };
        request.Headers.ExpectContinue = body?.Length > 1_000_000; // a refusal may come before the body is sent
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Vapi-Secret", secret);
        }

        using var answer = await node.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, text);
        _errorBodies.Enqueue(string.Join('|', answer.Headers.Select(h => $"{h.Key}: {string.Join(',', h.Value)}")) + text);
    }

    /// <summary>A bug inside a tool, whose exception quotes what it was working on.</summary>
    private async Task FailInsideAsync()
    {
        foreach (var tool in new[] { "explode_read", "explode_write" })
        {
            var reply = await api.PostToolCallAsync(tool, """{"text":"markertext"}""", caller: Phone);
            _errorBodies.Enqueue(reply.Error.ShouldNotBeNull());
        }
    }

    private async Task<IReadOnlyCollection<CapturedLine>> LosePostgresAsync()
    {
        var direct = new NpgsqlConnectionStringBuilder(api.ConnectionString);
        await using var proxy = FaultyProxy.Start(direct.Port);
        var through = new NpgsqlConnectionStringBuilder(api.ConnectionString) { Port = proxy.Port, Host = "127.0.0.1" };
        await using var node = await api.StartNodeAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:Postgres"] = through.ConnectionString, ["ConnectionStrings:Redis"] = null });
        proxy.Apply(new ProxyFaults { Mode = ProxyMode.Refuse });
        foreach (var (tool, arguments) in new[]
        {
            ("track_shipment", """{"trackingNumber":"TBMARKER7","name":"Markerwitz"}"""),
            ("list_appointments", "{}"),
            ("change_delivery", """{"trackingNumber":"TBMARKER7","safePlace":"under the markerstone"}"""),
            ("book_appointment", """{"service":"Check-up","date":"tomorrow","time":"10 AM","name":"Zebulon Markerwitz"}"""),
        })
        {
            _errorBodies.Enqueue((await node.PostToolCallAsync(tool, arguments, caller: Phone)).Error.ShouldNotBeNull(tool));
        }

        (await node.PostAsync(Message.Of("assistant-request", Phone))).Status.ShouldBe(HttpStatusCode.OK);
        using var notReady = await node.Http.GetAsync("/readyz");
        _errorBodies.Enqueue(await notReady.Content.ReadAsStringAsync());
        return node.Logs.Lines;
    }

    /// <summary>Statements that Postgres refuses while they carry markers: its own messages and details quote values.</summary>
    private async Task<IReadOnlyCollection<CapturedLine>> BreakTheSchemaAsync()
    {
        await api.QueryAsync("alter table delivery_change add constraint no_places check (safe_place is null) not valid");
        var refused = await api.PostToolCallAsync("change_delivery", """{"trackingNumber":"TBMARKER7","safePlace":"behind the markerstone"}""", caller: Phone);
        _errorBodies.Enqueue(refused.Error.ShouldNotBeNull());

        await api.QueryAsync("alter table desk rename column number to digits");
        await using var node = await api.StartNodeAsync();
        foreach (var (tool, arguments) in new[]
        {
            ("change_delivery", """{"trackingNumber":"TBMARKER7","safePlace":"behind the markerstone"}"""),
            ("find_open_slots", """{"service":"markertext"}"""),
        })
        {
            _errorBodies.Enqueue((await node.PostToolCallAsync(tool, arguments, caller: Phone)).Error.ShouldNotBeNull(tool));
        }

        await RefusedAsync(node, HttpStatusCode.InternalServerError, HttpMethod.Post, "/vapi/webhook", Message.Of("transfer-destination-request", Phone).Bytes(), Secret);
        return node.Logs.Lines;
    }

    public sealed class Verbose(PostgresCluster cluster, RedisServer redis) : PatientApi(cluster, redis)
    {
        // One line has no assistant, so that this refusal is searched, too.
        protected override IReadOnlyDictionary<string, string?> Settings => With(
            base.Settings, ("environment", "Production"), ("Logging:LogLevel:ToolBackend", "Trace"), ("Vapi:Webhook:PreviousSecret", Secret), ("Calls:DefaultAssistantId", null));

        protected override Action<WebApplicationBuilder> Adjust => builder =>
        {
            builder.Services.AddSingleton<Tool>(new Exploding("explode_read", ToolEffect.Read));
            builder.Services.AddSingleton<Tool>(new Exploding("explode_write", ToolEffect.Write));
        };
    }

    private sealed class Exploding(string name, ToolEffect effect) : Tool<Exploding.Arguments>
    {
        public override string Name => name;

        public override string Description => "Fails as a bug does.";

        public override ToolEffect Effect => effect;

        protected override ValueTask<ToolOutcome> RunAsync(Arguments arguments, ToolContext context) =>
            throw new InvalidOperationException($"{arguments.Text} {context.Call.Caller?.E164}", new FormatException($"Zebulon Markerwitz, {Phone}"));

        public sealed record Arguments
        {
            public string? Text { get; init; }
        }
    }
}
