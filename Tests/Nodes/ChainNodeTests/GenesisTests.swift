import ChainNode
import JSONText
import Keys
import Ledger
import Primitives
import Testing

@Suite struct GenesisTests {
  private func read(_ text: String) throws -> ChainGenesis {
    try GenesisFile.read(try JSONText.JSONValue(parsing: text), nodeKey: authority.account)
  }

  @Test func theLocalProfileFundsItsDevelopmentAccounts() {
    let genesis = ChainGenesis(.local, authority: authority.account)
    let state = genesis.state
    #expect(state.brokenInvariant() == nil)
    for account in DevelopmentAccount.allCases {
      #expect(state.account(account.account).free == Rao.tao(1_000_000).value)
    }
    #expect(state.chain.issuance == Rao.tao(4_000_000).value)
    #expect(state.chain.sudoKey == ChainGenesis.localSudo.account)
    #expect(state.chain.authorities == [authority.account])
    #expect(genesis.blockTime == .milliseconds(250))
  }

  @Test func theMainProfileGivesNothingToAnybody() {
    let state = ChainGenesis(.main, authority: authority.account).state
    #expect(state.chain.issuance == 0)
    #expect(state.chain.sudoKey == nil)
    #expect(state.chain.faucetAccount == nil)
    #expect(state.brokenInvariant() == nil)
  }

  @Test func theChainIDCoversEverythingButTheName() throws {
    let plain = try read(#"{"profile": "local"}"#)
    let named = try read(#"{"profile": "local", "name": "x"}"#)
    #expect(plain.chainID == named.chainID)
    #expect(named.name == "x")
    let changes = [
      #"{"profile": "main"}"#, #"{"profile": "local", "timestamp_ms": 1}"#,
      #"{"profile": "local", "balances": {"//a": 1000}}"#, #"{"profile": "local", "sudo_key": "//a"}"#,
      #"{"profile": "local", "parameters": {"min_lock_cost": 5}}"#,
      #"{"profile": "local", "authorities": ["//a"]}"#,
    ]
    #expect(Set(try changes.map { try read($0).chainID } + [plain.chainID]).count == changes.count + 1)
  }

  @Test func aFileSetsWhatItNames() throws {
    let address = owner.account.address
    let genesis = try read(
      """
      {"profile": "main", "authorities": ["\(address)", "//b"], "sudo_key": "\(miner.account)", "faucet": "//faucet",
       "guardians": ["//c"], "timestamp_ms": 12, "balances": {"\(address)": "21000000000", "//b": 7000},
       "parameters": {"governance_mode": "sudo", "faucet_enabled": true, "flow_cutoff": -3}}
      """)
    let content = genesis.genesis
    #expect(content.authorities == [owner.account, KeyPair.development(name: "b").account])
    #expect(content.sudoKey == miner.account)
    #expect(content.guardians == [KeyPair.development(name: "c").account])
    #expect(content.timestampMilliseconds == 12)
    #expect(content.parameters.governanceMode == .sudo)
    #expect(content.parameters.flowCutoff == -3)
    #expect(content.parameters.minLockCost == GlobalParameters.main.minLockCost)
    #expect(genesis.state.account(owner.account).free == 21_000_000_000)
  }

  @Test(arguments: [
    #"{}"#, #"[]"#, #"{"profile": "test"}"#, #"{"profile": "main", "extra": 1}"#,
    #"{"profile": "main", "authorities": ["nobody"]}"#, #"{"profile": "main", "authorities": "//a"}"#,
    #"{"profile": "main", "sudo_key": "0000000000000000000000000000000000000000000000000000000000000000"}"#,
    #"{"profile": "main", "balances": {"//a": -1}}"#, #"{"profile": "main", "balances": {"//a": 1, "//a": 2}}"#,
    #"{"profile": "main", "balances": {"//a": 18446744073709551615, "//b": 1}}"#,
    #"{"profile": "main", "balances": {"//a": 18446744073709551615}}"#,
    #"{"profile": "main", "parameters": {"no_such": 1}}"#,
    #"{"profile": "main", "parameters": {"faucet_enabled": "yes"}}"#,
    #"{"profile": "main", "parameters": {"governance_mode": "anarchy"}}"#,
  ])
  func aFileThatDoesNotFitIsRefused(text: String) throws {
    #expect(throws: (any Error).self) { try read(text) }
  }
}

@Suite struct SignatureBatcherTests {
  @Test func everyCheckGetsItsOwnVerdict() async throws {
    let batcher = SignatureBatcher()
    let verdicts = await withTaskGroup(of: (Int, Bool?).self) { group in
      for index in 0..<300 {
        group.addTask {
          let bytes = [UInt8](repeating: UInt8(index % 251), count: 40)
          let signer = index.isMultiple(of: 3) ? miner : owner
          let check = SignatureCheck(
            signature: signer.sign(.extrinsic, bytes), domain: .extrinsic, bytes: bytes, signer: owner.account)
          return (index, await batcher.verify(check))
        }
      }
      return await group.reduce(into: [Int: Bool?]()) { $0[$1.0] = $1.1 }
    }
    #expect(verdicts.count == 300)
    for (index, verdict) in verdicts { #expect(verdict == !index.isMultiple(of: 3)) }
  }

  @Test func whoFindsTooManyWaitingIsTold() async {
    let batcher = SignatureBatcher(waitingLimit: 0)
    let check = SignatureCheck(
      signature: owner.sign(.extrinsic, [1]), domain: .extrinsic, bytes: [1], signer: owner.account)
    #expect(await batcher.verify(check) == nil)
  }
}
