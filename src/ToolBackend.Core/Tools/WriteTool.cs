namespace ToolBackend.Core.Tools;

/// <summary>A tool whose work runs inside the ledger's transaction.</summary>
public abstract class WriteTool<TArguments>(Ledger ledger) : Tool<TArguments> where TArguments : class
{
    public sealed override ToolEffect Effect => ToolEffect.Write;

    protected sealed override async ValueTask<ToolOutcome> RunAsync(TArguments arguments, ToolContext context)
    {
        // What can be refused or looked up without a lock is settled before the transaction.
        var prepared = await PrepareAsync(arguments, context).ConfigureAwait(false);
        return prepared.Refusal
            ?? await ledger.OnceAsync(Name, context, ArgumentReader.FingerprintOf(Name, arguments), prepared.Work!).ConfigureAwait(false);
    }

    /// <summary>Reads and checks; returns either an outcome that needs no write, or the work of the transaction.</summary>
    protected abstract ValueTask<Prepared> PrepareAsync(TArguments arguments, ToolContext context);

    /// <summary>Either an outcome that needs no write, or the work of the transaction. The work may run more than once (deadlock, lost
    /// connection): it decides from what it reads inside.</summary>
    protected readonly struct Prepared
    {
        public Prepared(ToolOutcome refusal) => Refusal = refusal;

        public Prepared(Func<WriteScope, CancellationToken, Task<ToolOutcome>> work) => Work = work;

        public ToolOutcome? Refusal { get; }

        public Func<WriteScope, CancellationToken, Task<ToolOutcome>>? Work { get; }
    }
}
