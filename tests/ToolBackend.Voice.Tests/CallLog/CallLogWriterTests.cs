using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Resilience;
using ToolBackend.Testing;
using ToolBackend.Vapi.Calls;
using ToolBackend.Voice.CallLog;

namespace ToolBackend.Voice.Tests.CallLog;

public sealed class CallLogWriterTests
{
    private static readonly MessageWriter s_messages = new(new CallHeader("CA1", null, null, "receptionist", TimeSpan.FromMinutes(10)));

    private readonly MemoryStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Details_are_dropped_when_too_much_waits_and_reports_are_kept()
    {
        using var writer = Writer(new CallLogOptions { MaxWaiting = 64, MaxKept = 128 });
        for (var i = 0; i < 100; i++)
        {
            writer.Post(Message(i, isDetail: true));
        }

        writer.Waiting.ShouldBe(64);
        for (var i = 0; i < 100; i++)
        {
            writer.Post(Message(i, isDetail: false));
        }

        writer.Waiting.ShouldBe(128);
    }

    [Fact]
    public void Details_are_dropped_when_their_bytes_are_too_many()
    {
        using var writer = Writer(new CallLogOptions { MaxWaitingBytes = 1 << 20 });
        for (var i = 0; i < 30; i++)
        {
            writer.Post(new CallMessage(new byte[100_000], IsDetail: true, DateTimeOffset.UnixEpoch));
        }

        writer.Waiting.ShouldBe(10);
    }

    [Fact]
    public async Task What_cannot_be_stored_now_is_tried_again_and_one_that_never_can_does_not_hold_up_the_others()
    {
        _store.IsAway = true;
        _store.Refused = 3;
        using var writer = Writer(new CallLogOptions());
        await writer.StartAsync(Cancellation);
        for (var i = 0; i < 10; i++)
        {
            writer.Post(Message(i, isDetail: false));
        }

        await Eventually.IsTrueAsync(() => Task.FromResult(_store.Tries > 1), TimeSpan.FromSeconds(5), "nothing was tried");
        _store.Stored.ShouldBeEmpty();
        _store.IsAway = false;
        await Eventually.IsTrueAsync(() => Task.FromResult(writer.Waiting == 0), TimeSpan.FromSeconds(10), "events were not stored");
        _store.Stored.Keys.Select(at => at.Second).Order().ShouldBe([0, 1, 2, 4, 5, 6, 7, 8, 9]);
        _store.Stored.Values.ShouldAllBe(e => e.Source == CallEventSource.Pipeline && e.CallRef == "own-CA1" && e.ProviderCallId == "CA1");
        await writer.StopAsync(Cancellation);
    }

    [Fact]
    public async Task What_waits_when_the_host_stops_is_stored_before_it_has_stopped()
    {
        using var writer = Writer(new CallLogOptions());
        await writer.StartAsync(Cancellation);
        writer.Post(Message(0, isDetail: false));
        await Eventually.IsTrueAsync(() => Task.FromResult(_store.Stored.Count == 1), TimeSpan.FromSeconds(5), "nothing was stored");
        for (var i = 1; i < 500; i++)
        {
            writer.Post(Message(i, isDetail: false));
        }

        await writer.StopAsync(Cancellation);
        _store.Stored.Count.ShouldBe(500);
    }

    [Fact]
    public async Task A_stop_waits_for_the_report_of_a_call_that_is_still_ending_although_the_host_waits_no_longer()
    {
        using var writer = Writer(new CallLogOptions());
        await writer.StartAsync(Cancellation);
        writer.Expect();
        writer.Post(Message(1, isDetail: false));
        await Eventually.IsTrueAsync(() => Task.FromResult(_store.Stored.Count == 1), TimeSpan.FromSeconds(5), "nothing was stored");
        var stopping = writer.StopAsync(new CancellationToken(canceled: true));
        stopping.IsCompleted.ShouldBeFalse();
        writer.Post(Message(2, isDetail: false));
        writer.Settle();
        await stopping.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        _store.Stored.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_call_that_does_not_end()
    {
        using var writer = Writer(new CallLogOptions { StopSeconds = 0 });
        await writer.StartAsync(Cancellation);
        writer.Expect();
        writer.Post(Message(1, isDetail: false));
        await Eventually.IsTrueAsync(() => Task.FromResult(_store.Stored.Count == 1), TimeSpan.FromSeconds(5), "nothing was stored");
        await writer.StopAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        writer.Post(Message(2, isDetail: false));
        writer.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_store_that_is_away()
    {
        _store.IsAway = true;
        using var writer = Writer(new CallLogOptions { StopSeconds = 0 });
        await writer.StartAsync(Cancellation);
        writer.Post(Message(1, isDetail: false));
        await writer.StopAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        _store.Stored.ShouldBeEmpty();
    }

    [Fact]
    public void The_same_message_is_the_same_event_and_another_time_is_another()
    {
        var once = PipelineEvents.Read(Message(1, isDetail: true), ContentPolicy.Default)!.ToStore!.Event;
        PipelineEvents.Read(Message(1, isDetail: true), ContentPolicy.Default)!.ToStore!.Event.MessageId.ShouldBe(once.MessageId);
        PipelineEvents.Read(Message(2, isDetail: true), ContentPolicy.Default)!.ToStore!.Event.MessageId.ShouldNotBe(once.MessageId);
    }

    private static CallMessage Message(int second, bool isDetail)
    {
        var at = new DateTimeOffset(2026, 12, 1, 10, 0, 0, TimeSpan.Zero).AddSeconds(second);
        return new CallMessage(s_messages.Write("status-update", at, json => json.WriteString("status", "in-progress")), isDetail, at);
    }

    private CallLogWriter Writer(CallLogOptions options) =>
        new(_store, _ => { }, Options.Create(ContentPolicy.Default), Options.Create(options), TimeProvider.System, NullLogger<CallLogWriter>.Instance);

    /// <summary>A store without Postgres: by the events' times.</summary>
    private sealed class MemoryStore : ICallEventStore
    {
        private int _tries;

        public ConcurrentDictionary<DateTimeOffset, CallEvent> Stored { get; } = new();

        public volatile bool IsAway;

        public int Tries => Volatile.Read(ref _tries);

        /// <summary>Second of the event that can never be stored.</summary>
        public int? Refused { get; set; }

        public Task AppendAsync(ReportedEvent reported, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _tries);
            if (IsAway)
            {
                return Task.FromException(new UpstreamException("store", UpstreamFailure.Unavailable));
            }

            if (reported.Event.SentAt.Second == Refused)
            {
                return Task.FromException(new InvalidOperationException("no event"));
            }

            Stored[reported.Event.SentAt] = reported.Event;
            return Task.CompletedTask;
        }
    }
}
