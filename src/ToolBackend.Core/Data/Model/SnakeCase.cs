using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ToolBackend.Core.Data.Model;

/// <summary>Names as the SQL files write them: <c>PickupPointRow.OpeningHours</c> is <c>pickup_point.opening_hours</c>.</summary>
internal static class SnakeCase
{
    private const string RowSuffix = "Row";

    public static void Apply(ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            entity.SetTableName(Of(entity.ClrType.Name[..^RowSuffix.Length]));
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(Of(property.Name));
                // The database writes these when the row does not say otherwise.
                if (property.Name is "CreatedAt" or "UpdatedAt")
                {
                    property.ValueGenerated = ValueGenerated.OnAdd;
                }
            }
        }
    }

    public static string Of(string name)
    {
        var snake = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && snake.Length > 0)
            {
                snake.Append('_');
            }
            snake.Append(char.ToLowerInvariant(letter));
        }
        return snake.ToString();
    }
}
