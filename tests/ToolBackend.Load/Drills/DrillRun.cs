namespace ToolBackend.Load.Drills;

/// <summary>What came of a drill.</summary>
internal sealed record DrillResult(Drill Drill, IReadOnlyList<CallStory> Calls, string? Complaint)
{
    public int Lost => Calls.Count(c => c.Complaint is not null);

    public bool IsGood => Lost == 0 && Complaint is null;
}

/// <summary>Plays one drill: everybody calls and talks, something breaks, everybody asks.</summary>
internal static class DrillRun
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(3);

    /// <summary>Callers do not dial in the same millisecond.</summary>
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(150);

    /// <exception cref="LoadException">It did not come to its end.</exception>
    public static async Task<DrillResult> PlayAsync(Drill drill, int? callers, IReadOnlyDictionary<string, string?> core, string webhookSecret, CancellationToken cancellation)
    {
        await using var stage = await DrillStage.StartAsync(drill, callers ?? drill.Callers, core, webhookSecret, cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_longest);
        var calls = new List<Task<CallStory>>();
        try
        {
            drill.Before(stage);
            var broken = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            var people = Enumerable.Range(0, stage.Callers).Select(n => new DrillCaller(n, stage)).ToList();
            foreach (var person in people)
            {
                calls.Add(person.PlayAsync(broken.Task, limit.Token));
                await Task.Delay(s_between, limit.Token);
            }

            await Task.WhenAll(people.Select(p => p.Talked)).WaitAsync(limit.Token);
            var now = TimeProvider.System.GetTimestamp();
            await drill.During(stage).WaitAsync(limit.Token);
            broken.SetResult(drill.BreaksStreams ? now : 0);
            var stories = await Task.WhenAll(calls);
            return new DrillResult(drill, stories, drill.Check(stage));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new LoadException($"{drill.Name} took longer than {s_longest.TotalMinutes:0} minutes: its calls hang.");
        }
        finally
        {
            // Where the drill itself broke off, nobody talks on while its stage is taken down.
            await limit.CancelAsync();
            await ((Task)Task.WhenAll(calls)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
