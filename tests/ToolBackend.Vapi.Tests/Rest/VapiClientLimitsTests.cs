using System.Diagnostics;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Tests.Rest;

public sealed class VapiClientLimitsTests : IAsyncLifetime
{
    private VapiOrg _org = null!;

    public async ValueTask InitializeAsync() => _org = await VapiOrg.StartAsync();

    public ValueTask DisposeAsync() => _org.DisposeAsync();

    [Fact]
    public async Task Never_more_than_two_requests_wait_for_an_answer_at_once()
    {
        using var gauge = new Gauge();
        using var vapi = _org.Client(handler: gauge);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => vapi.GetAsync("assistant/x")));

        gauge.Total.ShouldBe(40);
        gauge.Most.ShouldBe(2);
    }

    [Fact]
    public async Task Requests_start_no_faster_than_allowed()
    {
        using var vapi = _org.Client(options => options.RequestsPerSecond = 20);
        var watch = Stopwatch.StartNew();

        await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => vapi.GetAsync("assistant/x")));

        // The first has a turn at once, the second whenever the limiter's clock ticks, the others one tick each. A busy machine is only slower.
        watch.ElapsedMilliseconds.ShouldBeGreaterThan(300);
    }

    [Fact]
    public async Task One_request_more_than_may_wait_fails_as_rate_limited()
    {
        _org.Simulator.Faults.Add(new SimulatorFault(SimulatorFaultKind.Hang));
        using var vapi = _org.Client(options =>
        {
            options.MaxInFlight = 1;
            options.MaxWaiting = 1;
        });
        using var cancel = new CancellationTokenSource();
        var first = vapi.GetAsync("assistant/x", cancel.Token);
        var second = vapi.GetAsync("assistant/x", cancel.Token);

        var failure = await Should.ThrowAsync<VapiApiException>(() => vapi.GetAsync("assistant/x", cancel.Token));

        failure.Failure.ShouldBe(VapiFailure.RateLimited);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Task.WhenAll(first, second));
    }

    private sealed class Gauge() : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _now;
        private int _most;
        private int _total;

        public int Most => _most;

        public int Total => _total;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _total);
            var now = Interlocked.Increment(ref _now);
            int seen;
            while (now > (seen = Volatile.Read(ref _most)) && Interlocked.CompareExchange(ref _most, now, seen) != seen)
            {
            }

            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _now);
            }
        }
    }
}
