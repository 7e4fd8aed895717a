import Synchronization
import Testing

@testable import Inference

@Suite struct TeamTests {
    @Test(arguments: [1, 2, 3, 4])
    func everyMemberWorksOnceInEachPass(count: Int) {
        let team = Team(count: count)
        let calls = Mutex([Int](repeating: 0, count: count))
        for pass in 1...2000 {
            team.run(threads: count) { share in calls.withLock { $0[share.member] += 1 } }
            #expect(calls.withLock { $0 } == Array(repeating: pass, count: count))
        }
    }

    @Test func aTeamThatHasSleptWakesUp() {
        let team = Team(count: 2)
        let calls = Atomic(0)
        for pass in 1...20 {
            for _ in 0..<1_000_000 { _ = calls.load(ordering: .relaxed) }  // Longer than a member spins.
            team.run(threads: 2) { _ in calls.add(1, ordering: .relaxed) }
            #expect(calls.load(ordering: .relaxed) == 2 * pass)
        }
    }

    @Test(arguments: [1, 2, 3, 4])
    func noThreadPassesABarrierBeforeAllHaveReachedIt(count: Int) {
        let team = Team(count: count)
        let barrier = Barrier()
        let reached = Atomic(0)
        let early = Atomic(0)
        team.run(threads: count) { _ in
            for step in 1...5000 {
                reached.add(1, ordering: .relaxed)
                barrier.wait(for: count)
                if reached.load(ordering: .relaxed) < step * count { early.add(1, ordering: .relaxed) }
                barrier.wait(for: count)
            }
        }
        #expect(early.load(ordering: .relaxed) == 0)
        #expect(reached.load(ordering: .relaxed) == 5000 * count)
    }

    @Test(arguments: [1, 2, 3, 7], [0, 1, 15, 16, 17, 384])
    func sharesCoverAllAndOverlapNowhere(count: Int, total: Int) {
        for step in [1, 16] {
            let parts = (0..<count).map { Share(member: $0, count: count).part(of: total, step: step) }
            #expect(parts.flatMap { Array($0) } == Array(0..<total))
            for part in parts where part.lowerBound < total { #expect(part.lowerBound % step == 0) }
        }
    }
}
