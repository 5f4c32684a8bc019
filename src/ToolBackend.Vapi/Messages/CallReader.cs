namespace ToolBackend.Vapi.Messages;

/// <summary>Reads the objects around a message: call, phone number, and single members of customer and assistant.</summary>
internal static class CallReader
{
    /// <summary>The call that is the value of the property at the cursor; null for other types.</summary>
    public static VapiCall? ReadCall(ref JsonCursor cursor)
    {
        if (!EnterObject(ref cursor))
        {
            return null;
        }

        string? id = null, type = null, orgId = null, assistantId = null, squadId = null, phoneNumberId = null, providerId = null, control = null;
        (string? Number, string? SipUri) customer = default;
        DateTimeOffset? createdAt = null;
        var seen = new SeenMembers();
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextProperty())
        {
            switch (cursor.Name(scratch))
            {
                case var name when name.SequenceEqual("id"u8):
                    seen.Add(0);
                    id = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("type"u8):
                    seen.Add(1);
                    type = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("orgId"u8):
                    seen.Add(2);
                    orgId = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("assistantId"u8):
                    seen.Add(3);
                    assistantId = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("squadId"u8):
                    seen.Add(4);
                    squadId = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("phoneNumberId"u8):
                    seen.Add(5);
                    phoneNumberId = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("phoneCallProviderId"u8):
                    seen.Add(6);
                    providerId = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("customer"u8):
                    seen.Add(7);
                    customer = ReadCustomer(ref cursor);
                    break;
                case var name when name.SequenceEqual("monitor"u8):
                    seen.Add(8);
                    control = ReadMember(ref cursor, "controlUrl"u8);
                    break;
                case var name when name.SequenceEqual("createdAt"u8):
                    seen.Add(9);
                    createdAt = VapiTime.FromText(cursor.ReadText());
                    break;
                default:
                    cursor.SkipValue();
                    break;
            }
        }

        return new VapiCall
        {
            Id = id,
            Type = type,
            OrgId = orgId,
            AssistantId = assistantId,
            SquadId = squadId,
            PhoneNumberId = phoneNumberId,
            PhoneCallProviderId = providerId,
            CreatedAt = createdAt,
            CustomerNumber = customer.Number,
            CustomerSipUri = customer.SipUri,
            ControlUrl = control is null ? null : new ControlUrl(control),
        };
    }

    /// <summary>The phone number that is the value of the property at the cursor; null for other types.</summary>
    public static VapiPhoneNumber? ReadPhoneNumber(ref JsonCursor cursor) =>
        ReadMembers(ref cursor, "id"u8, "number"u8, out var id, out var number) ? new VapiPhoneNumber { Id = id, Number = number } : null;

    /// <summary>The other party that is the value of the property at the cursor.</summary>
    public static (string? Number, string? SipUri) ReadCustomer(ref JsonCursor cursor) =>
        ReadMembers(ref cursor, "number"u8, "sipUri"u8, out var number, out var sipUri) ? (number, sipUri) : default;

    /// <summary>The assistant that is the value of the property at the cursor.</summary>
    public static (string? Id, string? Name) ReadAssistant(ref JsonCursor cursor) =>
        ReadMembers(ref cursor, "id"u8, "name"u8, out var id, out var name) ? (id, name) : default;

    /// <summary>One string member of the object that is the value of the property at the cursor; null when either is something else.</summary>
    public static string? ReadMember(ref JsonCursor cursor, ReadOnlySpan<byte> member) =>
        ReadMembers(ref cursor, member, default, out var value, out _) ? value : null;

    /// <summary>Two string members of the object that is the value of the property at the cursor; false when that is no object.</summary>
    private static bool ReadMembers(ref JsonCursor cursor, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, out string? firstValue, out string? secondValue)
    {
        firstValue = secondValue = null;
        if (!EnterObject(ref cursor))
        {
            return false;
        }

        var seen = new SeenMembers();
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextProperty())
        {
            var name = cursor.Name(scratch);
            if (name.SequenceEqual(first))
            {
                seen.Add(0);
                firstValue = cursor.ReadText();
            }
            else if (!second.IsEmpty && name.SequenceEqual(second))
            {
                seen.Add(1);
                secondValue = cursor.ReadText();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return true;
    }

    private static bool EnterObject(ref JsonCursor cursor)
    {
        cursor.Read();
        if (cursor.AtObject)
        {
            return true;
        }

        cursor.SkipHere();
        return false;
    }
}
