import ChainNode
import Daemon
import Ledger
import Primitives
import Testing

/// A node whose books do not close ends with its own exit code, in release builds too.
@Suite struct BrokenBooksTests {
  private let genesis = testGenesis()

  private func run(_ state: LedgerState) -> ChainNodeError? {
    // As a release build runs: without the walk over the whole state.
    let execution = BlockExecution(chainID: genesis.chainID, checksInvariants: false)
    var state = state
    let root = StateRoot(recomputedFrom: state)
    _ = state.takeChangedSections()
    do throws(ChainNodeError) {
      _ = try execution.run([], on: state, root: root)
      return nil
    } catch {
      return error
    }
  }

  @Test func aBlockOnSoundBooksPasses() {
    #expect(run(genesis.state) == nil)
  }

  @Test func oneRaoThatNobodyMintedEndsTheNode() {
    var state = genesis.state
    state.chain.issuance += 1
    let error = run(state)
    #expect(error?.exitCode == .invariantBroken)
    #expect(error?.exitCode.rawValue == 70)
    #expect(error?.description.contains("breaks an invariant") == true)
  }
}
