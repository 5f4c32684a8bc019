namespace ToolBackend.Vapi.Sync.Planning;

/// <summary>What becomes of one resource.</summary>
public enum PlanAction
{
    /// <summary>Nothing is sent.</summary>
    Unchanged,

    /// <summary>It is not at Vapi: it is made.</summary>
    Create,

    /// <summary>The files say something new: fields are sent.</summary>
    Update,

    /// <summary>A member that Vapi changes on no object is another one: it is made anew and the old one deleted.</summary>
    Replace,

    /// <summary>No file defines it any more.</summary>
    Delete,

    /// <summary>No file defines it and Vapi has it no more, or it is not ours to delete: it only leaves the state.</summary>
    Forget,

    /// <summary>There is one of that name which is not ours: nothing happens until it is adopted.</summary>
    Adopt,

    /// <summary>Vapi has something new since the last apply, the files do not: it is left alone.</summary>
    Drift,

    /// <summary>Both have something new, and not the same: it is left alone.</summary>
    Conflict,

    /// <summary>Only looked up, for the sake of those that refer to it.</summary>
    Read,
}

/// <summary>What becomes of one top-level field.</summary>
public enum FieldVerdict
{
    /// <summary>It is sent as the files have it; cleared when they do not.</summary>
    Send,

    /// <summary>Both sides say the same by now.</summary>
    Converged,

    Drift,
    Conflict,
}
