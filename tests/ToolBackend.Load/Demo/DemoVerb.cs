using System.Globalization;
using Npgsql;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Load.Demo;

/// <summary><c>./dev demo</c>: a caller's conversation against the running stack.</summary>
internal static class DemoVerb
{
    /// <summary>The demo clinic's own.</summary>
    private const string Zone = "America/Los_Angeles";

    private static readonly TimeSpan s_answerDeadline = TimeSpan.FromSeconds(20);

    /// <returns>0 when every answer was as expected, else 1.</returns>
    public static async Task<int> RunAsync(StackUnderTest stack, TextWriter output, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        using var http = new HttpClient { BaseAddress = stack.Api, Timeout = s_answerDeadline };
        using var signer = new WebhookSigner(new WebhookAuthenticationOptions { Secret = stack.WebhookSecret });
        await using var database = NpgsqlDataSource.Create(stack.PostgresConnectionString);
        var transcript = new Transcript(output);
        var call = new PhoneCall(http, signer, stack.CallerPhone, time);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(Zone)).DateTime);
        var conversation = new DemoConversation(call, transcript, () => BookedInAsync(database, call.Id, cancellation), today);

        try
        {
            // Opens the connection, as Vapi's servers keep theirs open.
            using var warm = await http.GetAsync("/healthz", cancellation);
            transcript.Title($"A call from {stack.CallerPhone} to {stack.Api}");
            await call.BeginAsync(cancellation);
            await conversation.RunAsync(cancellation);
            await output.WriteLineAsync();
            await new KnownCall(stack, transcript).ShowAsync(cancellation);
        }
        catch (Exception error) when (error is UnexpectedAnswerException or LoadException or HttpRequestException)
        {
            transcript.Failure(error.Message);
            return 1;
        }
        finally
        {
            using var limit = new CancellationTokenSource(s_answerDeadline);
            await conversation.LeaveNothingBehindAsync(limit.Token);
            await call.EndAsync(limit.Token);
        }

        var sorted = conversation.Milliseconds.Order().ToList();
        await output.WriteLineAsync();
        transcript.Title(string.Create(CultureInfo.InvariantCulture,
            $"{sorted.Count} tool calls answered as expected, median {sorted[sorted.Count / 2]:0.0} ms, slowest {sorted[^1]:0.0} ms; nothing was left booked."));
        return 0;
    }

    private static async Task<int> BookedInAsync(NpgsqlDataSource database, string callId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select count(*)::int from appointment where booked_in_call = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = callId });
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
