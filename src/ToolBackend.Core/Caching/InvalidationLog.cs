namespace ToolBackend.Core.Caching;

/// <summary>
/// The newest writer's transaction id per stripe of keys, and whether the link that brings the news is up.
/// </summary>
/// <remarks>Striped so that memory is fixed: two keys of one stripe share the newer id, which can only cause an extra load.</remarks>
public sealed class InvalidationLog
{
    private const int Stripes = 8192;
    private readonly long[] _latest = new long[Stripes];
    private long _latestOfAll;
    private volatile bool _linkIsUp;

    /// <summary>While false, values in memory are not trusted: a write may have gone unheard.</summary>
    public bool LinkIsUp
    {
        get => _linkIsUp;
        set => _linkIsUp = value;
    }

    public long LatestFor(string key) => Math.Max(Volatile.Read(ref _latest[StripeOf(key)]), Volatile.Read(ref _latestOfAll));

    public void Record(string key, long xid) => Raise(ref _latest[StripeOf(key)], xid);

    public void RecordAll(long xid) => Raise(ref _latestOfAll, xid);

    private static int StripeOf(string key) => string.GetHashCode(key, StringComparison.Ordinal) & (Stripes - 1);

    private static void Raise(ref long slot, long xid)
    {
        var seen = Volatile.Read(ref slot);
        while (xid > seen)
        {
            var before = Interlocked.CompareExchange(ref slot, xid, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
