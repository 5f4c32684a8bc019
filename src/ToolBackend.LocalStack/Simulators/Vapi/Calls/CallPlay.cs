using System.Collections.Concurrent;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>One call being played. The call goes on whether its messages arrive or not; only its questions are waited for.</summary>
internal sealed class CallPlay(ScriptedCall call, WebhookPoster poster, double speed, DeliveryFaults faults, CallBook? book, TimeProvider time)
{
    private const int MostAtOnce = 16;

    private readonly ConcurrentDictionary<int, Delivery> _deliveries = new();
    private readonly List<Task> _sending = [];
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, string> _toolResults = new(StringComparer.Ordinal);
    private readonly Dictionary<int, byte[]> _answers = [];
    private readonly long _began = time.GetTimestamp();
    private int _reached = -1;
    private int _count;

    public async Task<PlayedCall> RunAsync(CancellationToken cancellation)
    {
        book?.Begin(call);
        using var seats = new SemaphoreSlim(MostAtOnce);
        try
        {
            var plan = new Queue<PlannedSending>(DeliveryPlan.Of(call.Steps, faults));
            while (plan.TryPeek(out var next))
            {
                await WaitUntilAsync(call.Steps[next.Step].At, cancellation);
                if (_reached >= 0 && call.Steps[_reached].Status != "ended" && book?.TakeRequestedEnd(call.Id) is { } ending)
                {
                    plan = End(ending, plan);
                    continue;
                }

                plan.Dequeue();
                Reach(next.Step);
                if (await SendAsync(next, seats, cancellation) is { } failed)
                {
                    plan = End(failed, plan);
                }
            }
        }
        finally
        {
            // Also after a cancellation: nobody else awaits them, and they hold the seats.
            await Task.WhenAll(_sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_sending);
        return new PlayedCall(call, [.. _deliveries.OrderBy(delivery => delivery.Key).Select(delivery => delivery.Value)], _problems, _toolResults);
    }

    /// <summary>The rest of the plan when the call ends now: what is late of the past, then the new end.</summary>
    private Queue<PlannedSending> End(CallEnding ending, Queue<PlannedSending> rest)
    {
        call.EndBefore(_reached + 1, ending, IsAtOnce ? TimeSpan.Zero : time.GetElapsedTime(_began) * speed);
        return new Queue<PlannedSending>([.. rest.Where(sending => sending.Step <= _reached), .. DeliveryPlan.Of(call.Steps, faults).Where(sending => sending.Step > _reached)]);
    }

    private bool IsAtOnce => double.IsPositiveInfinity(speed);

    private void Reach(int step)
    {
        _reached = Math.Max(_reached, step);
        book?.Reached(call, _reached);
    }

    /// <summary>Sends one message, and returns how the call ends when the answer ends it.</summary>
    private async Task<CallEnding?> SendAsync(PlannedSending sending, SemaphoreSlim seats, CancellationToken cancellation)
    {
        if (sending.Fate == Fate.NotAsked)
        {
            return null;
        }

        var place = _count++;
        var step = call.Steps[sending.Step];
        var message = call.Message(step);
        if (sending.Fate == Fate.Lost)
        {
            _deliveries[place] = new Delivery(message, sending.Copy, [], []);
            return null;
        }

        if (message.NeedsAnswer)
        {
            await DeliverAsync(place, message, sending.Copy, seats: null, firstIsOver: null, cancellation);
            return TakeAnswer(step, _deliveries[place]);
        }

        var firstIsOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _sending.Add(DeliverAsync(place, message, sending.Copy, seats, firstIsOver, cancellation));
        if (IsAtOnce)
        {
            await firstIsOver.Task;
        }

        return null;
    }

    /// <summary>All attempts of one message, as the backoff plan has them.</summary>
    private async Task DeliverAsync(int place, ScriptedMessage message, int copy, SemaphoreSlim? seats, TaskCompletionSource? firstIsOver, CancellationToken cancellation)
    {
        try
        {
            var attempts = new List<WebhookAttempt>();
            var id = $"msg_{call.Id}_{message.Step}";
            while (true)
            {
                var (attempt, answer) = await PostAsync(message, id, seats, cancellation);
                attempts.Add(attempt);
                _deliveries[place] = new Delivery(message, copy, [.. attempts], answer);
                firstIsOver?.TrySetResult();
                if (attempt.Status is >= 200 and < 300 || poster.Target.Backoff?.DelayBefore(attempts.Count, attempt.Status) is not { } wait)
                {
                    return;
                }

                await Task.Delay(wait, time, cancellation);
            }
        }
        finally
        {
            firstIsOver?.TrySetResult();
        }
    }

    // A message that waits for its next attempt holds no seat.
    private async Task<(WebhookAttempt Attempt, byte[] Answer)> PostAsync(ScriptedMessage message, string id, SemaphoreSlim? seats, CancellationToken cancellation)
    {
        if (seats is null)
        {
            return await poster.PostAsync(message, id, cancellation);
        }

        await seats.WaitAsync(cancellation);
        try
        {
            return await poster.PostAsync(message, id, cancellation);
        }
        finally
        {
            seats.Release();
        }
    }

    private CallEnding? TakeAnswer(TimelineStep step, Delivery delivery)
    {
        if (_answers.TryGetValue(step.Index, out var first))
        {
            if (step.Type == "tool-calls" && !first.AsSpan().SequenceEqual(delivery.Answer))
            {
                _problems.Add($"step {step.Index}: the second delivery of {step.Type} was answered differently");
            }

            return null;
        }

        _answers[step.Index] = delivery.Answer;
        switch (step.Type)
        {
            case "tool-calls": TakeToolResults(step, delivery); break;
            case "assistant-request" when WebhookAnswers.ReadAssistantRequest(delivery.Status, delivery.Answer) is { } reason:
                _problems.Add($"step {step.Index}: {reason}");
                return new CallEnding(reason) { BeforeStart = true, SuccessEvaluation = null, Outcome = null };
            case "transfer-destination-request":
                if (WebhookAnswers.ReadDestination(delivery.Status, delivery.Answer) is { } number)
                {
                    call.Learn(knowledge => knowledge.Destination = number);
                }
                else
                {
                    _problems.Add($"step {step.Index}: no number to transfer to, the script's is taken");
                }

                break;
            default:
                if (!delivery.IsTaken)
                {
                    _problems.Add($"step {step.Index}: {step.Type} was answered {delivery.Status?.ToString() ?? "not at all"}");
                }

                break;
        }

        return null;
    }

    private void TakeToolResults(TimelineStep step, Delivery delivery)
    {
        var read = WebhookAnswers.ReadToolResults([.. step.Asks.Select(asked => asked.Id)], delivery.Status, delivery.Answer);
        _problems.AddRange(read.Problems.Select(problem => $"step {step.Index}: {problem}"));
        foreach (var asked in step.Asks)
        {
            var result = read.Results[asked.Id];
            _toolResults[asked.Id] = result;
            call.Learn(knowledge => knowledge.SetResult(asked.Index, result));
        }
    }

    private async Task WaitUntilAsync(TimeSpan at, CancellationToken cancellation)
    {
        var left = IsAtOnce ? TimeSpan.Zero : (at / speed) - time.GetElapsedTime(_began);
        if (left > TimeSpan.Zero)
        {
            using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(Task.Delay(left, time, done.Token), book?.WhenEndIsRequested(call.Id) ?? Task.Delay(Timeout.Infinite, done.Token));
            await done.CancelAsync();
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
