import NIOPosix
import NIOHTTP1
print(MultiThreadedEventLoopGroup(numberOfThreads:1))
