namespace ToolBackend.Vapi.Rest;

/// <summary>One request with what is known of its attempts so far. Its text names method and path, for messages.</summary>
internal interface IRestRequest
{
    int Attempts { get; set; }

    /// <summary>Of the last attempt that failed.</summary>
    Exception? LastFailure { get; }

    /// <summary>Too many wait already: it was not tried.</summary>
    Exception Crowded(string message);

    /// <summary>An attempt that was not answered in time.</summary>
    Exception Unanswered(string message, Exception late);

    /// <summary>Not done when all the time was over.</summary>
    Exception NotDone(string message, Exception late);
}
