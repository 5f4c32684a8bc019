using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace ToolBackend.Api.Hosting;

/// <summary>
/// Gives Kestrel blocks of 128 kB instead of 4 kB. Vapi repeats the assistant and the history in every message; with small blocks a body of 200 kB
/// takes fifty system calls to arrive. A block is held only while its request is read, so idle connections cost nothing more.
/// </summary>
/// <remarks><c>./dev bench</c> shows the effect: raw Kestrel there has the default blocks.</remarks>
public sealed class LargerBlocks : IMemoryPoolFactory<byte>
{
    private const int BlockBytes = 128 * 1024;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Blocks();

    private sealed class Blocks : MemoryPool<byte>
    {
        public override int MaxBufferSize => Shared.MaxBufferSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockBytes));

        protected override void Dispose(bool disposing)
        {
            // The blocks belong to the shared pool.
        }
    }
}
