using System.Net;
using System.Net.Sockets;

namespace ToolBackend.Vapi.Control;

/// <summary>Addresses that belong to somebody on the internet: neither this machine, nor this network, nor a wrapping of either. Source: IANA's special-purpose registries.</summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] s_special4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // Within 2000::/3, outside of which nothing is public: Teredo and 6to4 wrap IPv4 addresses, the others lead nowhere.
    private static readonly IPNetwork s_global6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] s_special6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Array.Exists(s_special4, network => network.Contains(address)),
            AddressFamily.InterNetworkV6 => s_global6.Contains(address) && !Array.Exists(s_special6, network => network.Contains(address)),
            _ => false,
        };
    }
}
