using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Orders;
using ToolBackend.Core.Data;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Calls.Orders;

public sealed class CallOrderStoreTests : IClassFixture<DemoDatabase>, IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly DemoDatabase _data;
    private readonly Database _database;
    private readonly CallOrderStore _orders;

    public CallOrderStoreTests(DemoDatabase data)
    {
        _data = data;
        _database = new Database(data.Source, Options.Create(new DatabaseOptions()), TimeProvider.System, new Random(8));
        _orders = new CallOrderStore(_database, _clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _data.ExecuteAsync("delete from call_order");

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Orders_that_many_hosts_reach_for_are_taken_once_each()
    {
        for (var i = 0; i < 40; i++)
        {
            (await GiveAsync($"k{i}")).Receipt.ShouldBe(OrderReceipt.Given);
        }

        var taken = (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TakeAllAsync()))).SelectMany(t => t).ToList();
        taken.Count.ShouldBe(40);
        taken.Select(o => o.Key).ShouldBeUnique();
        taken.ShouldAllBe(o => o.Read<PlaceRequest>().To == "+12065550142");
    }

    [Fact]
    public async Task The_same_key_is_the_same_order_and_another_request_with_it_is_refused()
    {
        var first = await GiveAsync("once");
        var again = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => GiveAsync("once")));
        again.ShouldAllBe(a => a.Receipt == OrderReceipt.Repeated && a.Order!.Id == first.Order!.Id);
        (await GiveAsync("once", "+12065550143")).ShouldBe((OrderReceipt.KeyReused, null));
        (await TakeAllAsync()).ShouldHaveSingleItem();
        await _orders.SettleAsync(first.Order!.Id, OrderState.Done, "vapi", "call-1", null, Cancellation);
        var settled = await GiveAsync("once");
        (settled.Receipt, settled.Order!.State, settled.Order.CallRef).ShouldBe((OrderReceipt.Repeated, OrderState.Done, "call-1"));
    }

    [Fact]
    public async Task A_transfer_of_a_call_that_is_told_again_just_now_is_the_same_one_and_later_a_new_one()
    {
        (await TransferAsync("a", "CA1")).Receipt.ShouldBe(OrderReceipt.Given);
        (await TransferAsync("b", "CA1")).Receipt.ShouldBe(OrderReceipt.Repeated);
        (await TransferAsync("c", "CA2")).Receipt.ShouldBe(OrderReceipt.Given);
        _clock.Advance(TimeSpan.FromSeconds(31));
        (await TransferAsync("d", "CA1")).Receipt.ShouldBe(OrderReceipt.Given);
    }

    [Fact]
    public async Task What_nobody_takes_in_time_has_failed_and_what_a_lost_host_took_is_unknown()
    {
        await GiveAsync("lost");
        (await _orders.TakeAsync(Cancellation))!.Key.ShouldBe("lost");
        _clock.Advance(TimeSpan.FromSeconds(40));
        await GiveAsync("late");
        _clock.Advance(TimeSpan.FromSeconds(31));
        (await _orders.TakeAsync(Cancellation)).ShouldBeNull();
        var (lost, late) = ((await _orders.FindAsync("lost", Cancellation))!, (await _orders.FindAsync("late", Cancellation))!);
        (lost.State, lost.Reason, lost.Request).ShouldBe((OrderState.Unknown, OrderReasons.HostLost, null));
        (late.State, late.Reason, late.Request).ShouldBe((OrderState.Failed, OrderReasons.Expired, null));

        await _orders.SettleAsync(lost.Id, OrderState.Done, "vapi", "call-2", null, Cancellation);
        (await _orders.FindAsync("lost", Cancellation))!.State.ShouldBe(OrderState.Unknown, "its host came back too late");
    }

    [Fact]
    public async Task Numbers_are_kept_only_until_an_order_is_settled()
    {
        var (_, order) = await GiveAsync("numbers");
        (await _data.ScalarAsync<long>("select count(*) from call_order where request like '%2065550142%'")).ShouldBe(1);
        (await _orders.TakeAsync(Cancellation))!.ToString().ShouldNotContain("2065550142");
        await _orders.SettleAsync(order!.Id, OrderState.Failed, null, null, OrderReasons.Refused, Cancellation);
        (await _data.ScalarAsync<long>("select count(*) from call_order o where o::text like '%2065550142%'")).ShouldBe(0);
    }

    [Fact]
    public async Task More_than_may_wait_are_refused()
    {
        await _data.ExecuteAsync($"""
            insert into call_order (call_order_id, idempotency_key, fingerprint, kind, request, asked_at, asked_by, expires_at, state)
            select gen_random_uuid(), 'f' || n, '\x00', 'place', '[]', now(), 'test', now(), 'waiting' from generate_series(1, {CallOrderStore.MostWaiting}) n
            """);
        (await GiveAsync("one-more")).ShouldBe((OrderReceipt.Full, null));
    }

    private Task<(OrderReceipt Receipt, CallOrder? Order)> GiveAsync(string key, string to = "+12065550142") =>
        _orders.GiveAsync(NewOrder.Of(key, OrderKind.Place, null, new PlaceRequest("receptionist", to, null), "test"), Cancellation);

    private Task<(OrderReceipt Receipt, CallOrder? Order)> TransferAsync(string key, string callSid) =>
        _orders.GiveAsync(NewOrder.Of(key, OrderKind.Forward, callSid, new ForwardRequest("+12065550110", "v1", null), "vapi"), Cancellation);

    private async Task<List<CallOrder>> TakeAllAsync()
    {
        var taken = new List<CallOrder>();
        while (await _orders.TakeAsync(Cancellation) is { } order)
        {
            taken.Add(order);
        }

        return taken;
    }
}
