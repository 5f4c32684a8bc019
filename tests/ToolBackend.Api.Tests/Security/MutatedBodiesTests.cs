using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ToolBackend.Api.Tests.Webhooks;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Testing;
using ToolBackend.Testing.Mutation;

namespace ToolBackend.Api.Tests.Security;

/// <summary>B1: bodies broken in every way, with a valid secret.</summary>
public sealed class MutatedBodiesTests(PatientApi api) : IClassFixture<PatientApi>
{
    private static readonly int Bodies = LongForm.Count(3_000, 100_000);
    private const int Seed = 20261122;

    // Far from the sender's own number: no few flipped digits lead from one to the other.
    private const string OtherPhone = "+491719876543";
    private static readonly string[] s_others = ["Quorlander", "Zyxomma", "491719876543", "XKCDMARK"];

    [Fact]
    public async Task B1_mutated_bodies()
    {
        await SeedOtherAsync();
        var mutator = new JsonMutator(Seed);
        var corpus = Corpus();
        var bodies = new ConcurrentQueue<byte[]>(Enumerable.Range(0, Bodies).Select(i => mutator.Mutate(corpus[i % corpus.Count])));
        var statuses = new ConcurrentDictionary<HttpStatusCode, int>();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}, {Bodies} bodies");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (bodies.TryDequeue(out var body))
            {
                var reply = await api.Node.PostAsync(body);
                statuses.AddOrUpdate(reply.Status, 1, (_, n) => n + 1);
                reply.Status.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.BadRequest], $"seed {Seed}: {Encoding.UTF8.GetString(body)}");
                s_others.ShouldAllBe(other => !reply.Text.Contains(other), $"seed {Seed}: {Encoding.UTF8.GetString(body)}");
            }
        }));

        statuses.Keys.ShouldBe([HttpStatusCode.OK, HttpStatusCode.BadRequest], ignoreOrder: true, $"the mutator reaches both sides; seed {Seed}");
        api.Logs.Lines.Where(l => l.Level >= LogLevel.Error || l.Exception is not null).Select(l => l.Text).ShouldBeEmpty($"seed {Seed}");
        using var ready = await api.Http.GetAsync("/readyz");
        ready.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.PostToolCallAsync("track_shipment", Message.Track, caller: DemoSeed.CallerPhone)).Result.ShouldNotBeNull();
        (await api.PostToolCallAsync("track_shipment", """{"trackingNumber":"XKCDMARK1"}""", caller: OtherPhone)).Say.ShouldContain("Zyxomma");
    }

    private Task<object?> SeedOtherAsync() => api.QueryAsync($"""
        with c as (insert into customer (phone, name) values ('{OtherPhone}', 'Xaver Quorlander') returning customer_id)
        insert into shipment (tracking_number, customer_id, sender_name, status, destination_city, time_zone, promised_on)
        select 'XKCDMARK1', customer_id, 'Zyxomma Sender', 'in_transit', 'Hamburg', 'Europe/Berlin', current_date + 1 from c
        """);

    private static List<byte[]> Corpus()
    {
        string[] calls =
        [
            Call("find_open_slots", """{"service":"Check-up","date":"Thursday","dateTo":"2027-01-01","partOfDay":"morning","notBefore":"9 AM","practitioner":"Nguyen"}"""),
            Call("book_appointment", """{"service":"Cleaning","date":"tomorrow","time":"10 AM","name":"Ana Silva"}"""),
            Call("list_appointments", """{"reference":"HRB201","name":"Bell"}"""),
            Call("reschedule_appointment", """{"newDate":"Friday","newTime":"2:30 PM","reference":"HRB101","confirmed":false}"""),
            Call("cancel_appointment", """{"reference":"HRB101","confirmed":true}"""),
            Call("track_shipment", """{"trackingNumber":"T B one oh four two","name":"Silva"}"""),
            Call("list_shipments", "{}"),
            Call("change_delivery", """{"trackingNumber":"TB1042","safePlace":"the back porch"}"""),
            Call("change_delivery", """{"trackingNumber":"TB1042","newDate":"Friday"}"""),
        ];
        var transfer = Message.Of("transfer-destination-request");
        transfer["parameters"] = new JsonObject { ["department"] = "billing" };
        var function = Message.Of("function-call");
        function["functionCall"] = new JsonObject { ["name"] = "track_shipment", ["parameters"] = JsonNode.Parse(Message.Track) };
        return
        [
            .. calls.Select(c => Message.ToolCalls($"[{c}]").Bytes()),
            .. calls.Select(c => Message.ToolCalls($"[{c}]", "toolCalls").Bytes()),
            Message.ToolCalls($"[{string.Join(',', calls)}]").Bytes(),
            .. new[] { "assistant-request", "handoff-destination-request", "status-update", "end-of-call-report" }.Select(t => Message.Of(t).Bytes()),
            transfer.Bytes(),
            function.Bytes(),
        ];
    }

    private static string Call(string tool, string arguments) =>
        $$$"""{"id":"{{{Message.NewId()}}}","type":"function","function":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""";
}
