using Microsoft.Extensions.DependencyInjection;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Tests.Tools;

public sealed class LedgerSweeperTests(ToolDesk desk) : IClassFixture<ToolDesk>
{
    [Fact]
    public async Task What_has_expired_goes_in_slices_and_what_has_not_stays()
    {
        const int Old = 5_500;
        await desk.Database.ExecuteAsync($"""
            insert into tool_call_ledger (call_id, tool_call_id, tool, fingerprint, expires_at)
            select 'old', n::text, 'book_appointment', sha256('x'), now() - interval '1 minute' from generate_series(1, {Old}) n;
            insert into tool_call_ledger (call_id, tool_call_id, tool, fingerprint) values ('new', '1', 'book_appointment', sha256('x'));
            insert into pending_confirmation (call_id, appointment_id, action, asked_in, expires_at)
            select call, appointment_id, 'cancel', 'm', now() + wait from appointment, (values ('gone', interval '-1 minute'), ('open', interval '9 minutes')) w (call, wait) where reference = 'HRB101'
            """);
        var sweeper = desk.Node.Services.GetRequiredService<LedgerSweeper>();

        (await sweeper.SweepAsync(CancellationToken.None)).ShouldBe(Old + 1);
        (await sweeper.SweepAsync(CancellationToken.None)).ShouldBe(0);

        (await desk.CountAsync("tool_call_ledger where call_id = 'old'")).ShouldBe(0);
        (await desk.CountAsync("tool_call_ledger where call_id = 'new'")).ShouldBe(1);
        (await desk.Database.ScalarAsync<string>("select string_agg(call_id, ',') from pending_confirmation")).ShouldBe("open");
    }
}
