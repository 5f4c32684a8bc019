using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Reaping;
using ToolBackend.Core.Resilience;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Tests.Calls;

public sealed class VapiCallSourceTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_start = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly ToolBackend.Testing.ManualClock _clock = new(s_start);
    private VapiSimulator _vapi = null!;
    private VapiClient? _client;

    public async ValueTask InitializeAsync() => _vapi = await VapiSimulator.StartAsync(new VapiSimulatorOptions { Time = _clock });

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await _vapi.DisposeAsync();
    }

    [Fact]
    public async Task A_call_that_ended_is_a_snapshot_that_says_how()
    {
        var call = _vapi.Calls.Add(ReadyScripts.All["booking"](1), s_start);
        var snapshot = await Source().AskAsync(call.Id, CancellationToken.None);
        ReapDecision.AnswerOf(snapshot!.Event).ShouldBe(PlatformAnswer.Ended);
        (snapshot.Event.CallRef, snapshot.Event.Source, snapshot.Event.Kind).ShouldBe((call.Id, CallEventSource.Api, CallEventKind.Snapshot));
        snapshot.Event.Facts.EndedReason.ShouldNotBeNull();
        snapshot.Event.Facts.Report.ShouldNotBeNull();
        snapshot.ControlUrl.ShouldBeNull();

        // Asked again without a change: the same event.
        var again = await Source().AskAsync(call.Id, CancellationToken.None);
        (again!.Event.MessageId, again.Event.SentAt).ShouldBe((snapshot.Event.MessageId, snapshot.Event.SentAt));
    }

    [Fact]
    public async Task What_Vapi_does_not_have_is_null_and_what_it_cannot_have_is_not_asked()
    {
        (await Source().AskAsync("7420f27a-30fd-4f49-a995-5549ae7cc00d", CancellationToken.None)).ShouldBeNull();
        var asked = _vapi.Requests.All.Count;
        foreach (var odd in (string[])["../assistant", "a/b", "a?b=c", "a b", "%2e%2e", "", new string('x', 200), "\u00e9"])
        {
            (await Source().AskAsync(odd, CancellationToken.None)).ShouldBeNull();
        }

        _vapi.Requests.All.Count.ShouldBe(asked, "an empty id would list all calls");
    }

    [Fact]
    public async Task The_windows_of_an_outage_meet_without_a_gap()
    {
        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add(_vapi.Calls.Add(ReadyScripts.All["booking"](i) with { CallId = $"call-{i:00}" }, s_start).Id);
            _clock.Advance(TimeSpan.FromMilliseconds(30_500)); // updatedAt is the simulator's now
        }

        var found = new List<string>();
        for (var from = s_start; from < _clock.UtcNow; from += TimeSpan.FromMinutes(2))
        {
            found.AddRange((await Source().UpdatedAsync(from, from + TimeSpan.FromMinutes(2), CancellationToken.None)).Select(s => s.Event.CallRef));
        }

        found.ShouldBe(ids, ignoreOrder: true);
        (await Source().UpdatedAsync(s_start.AddMinutes(5), null, CancellationToken.None)).Count.ShouldBe(10);
    }

    [Theory]
    [InlineData(401, UpstreamFailure.Rejected)]
    [InlineData(429, UpstreamFailure.Busy)]
    [InlineData(500, UpstreamFailure.Unavailable)]
    [InlineData(503, UpstreamFailure.Unavailable)]
    public async Task What_keeps_Vapi_from_answering_is_told_by_what_can_be_done_about_it(int status, UpstreamFailure failure)
    {
        _vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.Status) { Status = status });
        (await Should.ThrowAsync<UpstreamException>(() => Source().AskAsync("call-1", CancellationToken.None))).Failure.ShouldBe(failure);
        (await Should.ThrowAsync<UpstreamException>(() => Source().UpdatedAsync(s_start, null, CancellationToken.None))).Failure.ShouldBe(failure);
    }

    [Fact]
    public async Task Without_a_key_it_is_rejected_and_no_client_is_made()
    {
        var source = new VapiCallSource(
            () => throw new InvalidOperationException("made"), Options.Create(new VapiClientOptions()), Options.Create(ContentPolicy.Default), _clock, NullLogger<VapiCallSource>.Instance);
        (await Should.ThrowAsync<UpstreamException>(() => source.AskAsync("call-1", CancellationToken.None))).Failure.ShouldBe(UpstreamFailure.Rejected);
    }

    private VapiCallSource Source()
    {
        var options = new VapiClientOptions { BaseUrl = _vapi.Url, ApiKey = _vapi.ApiKey, RequestsPerSecond = 1000, MaxAttempts = 1 };
        return new VapiCallSource(
            () => _client ??= new VapiClient(options, TimeProvider.System), Options.Create(options), Options.Create(ContentPolicy.Default), _clock, NullLogger<VapiCallSource>.Instance);
    }
}
