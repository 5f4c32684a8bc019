namespace ToolBackend.Cli;

/// <summary>What the process returns. Scripts depend on these numbers.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>Something failed; the reason is on standard error.</summary>
    public const int Error = 1;

    /// <summary><c>db status</c>: migrations are pending.</summary>
    public const int Pending = 2;

    /// <summary><c>vapi plan --detailed-exitcode</c>: apply would change something.</summary>
    public const int Changes = 2;

    /// <summary><c>vapi drift</c>, and <c>vapi plan --detailed-exitcode</c> without changes: something was changed at Vapi since the last apply.</summary>
    public const int Drift = 3;

    /// <summary><c>db status</c>: an applied file was edited or is missing, or a new one is out of order. <c>db migrate</c> would refuse.</summary>
    public const int Diverged = 4;

    /// <summary><c>vapi</c> verbs: the definitions have errors; nothing was sent.</summary>
    public const int InvalidDefinitions = 4;

    /// <summary>The service does not accept the operator key, or Vapi or Twilio theirs.</summary>
    public const int Authentication = 5;

    /// <summary><c>vapi</c> verbs: something at Vapi is newer than the last apply, or not ours, or moved since the plan was saved; nothing was sent.</summary>
    public const int Conflict = 6;

    /// <summary><c>vapi apply</c>: some of it was done and some failed; it goes on when run again.</summary>
    public const int PartialApply = 7;

    /// <summary>The command line was not understood (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
