using Microsoft.EntityFrameworkCore;

namespace ToolBackend.Core.Data.Model;

internal static class CallStateMapping
{
    public static void Apply(ModelBuilder model)
    {
        model.Entity<CallEventRow>().HasKey(row => new { row.CallRef, row.SentAt, row.MessageId });
        model.Entity<CallFoldQueueRow>(queue =>
        {
            queue.HasKey(row => row.QueueId);
            queue.Property(row => row.QueueId).UseIdentityAlwaysColumn();
        });
        model.Entity<CallAliasRow>().HasKey(row => row.Alias);
        model.Entity<CallRow>(call =>
        {
            call.HasKey(row => row.CallId);
            call.Property(row => row.Cost).HasPrecision(12, 6);
        });
        model.Entity<CallChangeRow>(change =>
        {
            change.HasKey(row => row.Seq);
            change.Property(row => row.Seq).UseIdentityAlwaysColumn();
        });
        model.Entity<CallControlRow>().HasKey(row => row.CallRef);
        model.Entity<CallInquiryRow>().HasKey(row => row.CallId);
        model.Entity<CallForgottenRow>().HasKey(row => row.Alias);
        model.Entity<RetentionMarkRow>().HasKey(row => row.Name);
        model.Entity<ServiceHeartbeatRow>().HasKey(row => row.Name);
        model.Entity<CallBackfillRow>(backfill =>
        {
            backfill.HasKey(row => row.BackfillId);
            backfill.Property(row => row.BackfillId).UseIdentityAlwaysColumn();
        });
        model.Entity<TranscriptAccessRow>(access =>
        {
            access.HasKey(row => row.TranscriptAccessId);
            access.Property(row => row.TranscriptAccessId).ValueGeneratedNever();
        });
    }
}
