namespace ToolBackend.Vapi.Messages;

/// <summary>Members of one object that were read. Parsers differ in which duplicate wins, so a duplicate is refused.</summary>
internal struct SeenMembers
{
    private uint bits;

    /// <exception cref="MalformedException">The member was seen before.</exception>
    public void Add(int member)
    {
        var bit = 1u << member;
        if ((bits & bit) != 0)
        {
            throw new MalformedException(MalformedReason.DuplicateMember);
        }

        bits |= bit;
    }
}
