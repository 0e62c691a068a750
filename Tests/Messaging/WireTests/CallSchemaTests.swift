import Testing
import Wire

/// The calls against the ordered list of transactions (registry 20), row by row.
@Suite struct CallSchemaTests {
  private static let rows = """
    1 AssociateHotkey(hotkey)
    2 RegisterSubnet(hotkey, identity?)
    3 StartSubnet(netuid)
    4 RegisterNeuron(netuid, hotkey, max_price?)
    5 RootRegister(hotkey)
    6 ServeAxon(netuid, version, ip, port, ip_type, protocol, placeholder1, placeholder2, certificate?)
    7 ServePrometheus(netuid, version, ip, port, ip_type)
    8 SetWeights(netuid, mechid, uids, values, version_key)
    9 CommitWeights(netuid, mechid, hash)
    10 RevealWeights(netuid, mechid, uids, values, salt, version_key)
    11 BatchSetWeights(items)
    12 BatchCommitWeights(items)
    13 BatchRevealWeights(netuid, mechid, items)
    14 CommitTimelockedWeights(netuid, mechid, body, shares, reveal_round, version)
    15 PublishRoundKeys(first_round, keys)
    16 PublishRoundSecret(round, secret)
    17 SetCommitment(netuid, fields)
    18 SetChildren(hotkey, netuid, children)
    19 SetChildkeyTake(hotkey, netuid, take)
    20 IncreaseTake(hotkey, take)
    21 DecreaseTake(hotkey, take)
    22 SetAutoParentDelegation(hotkey, enabled)
    23 SetIdentity(name, url, github_repo, image, discord, description, additional)
    24 SetSubnetIdentity(netuid, subnet_name, github_repo, subnet_contact, subnet_url, discord, description, logo_url, additional)
    25 UpdateSymbol(netuid, symbol)
    26 SetSubnetOwnerHotkey(netuid, hotkey)
    27 SetHyperparameter(netuid, name, value)
    28 SetTempo(netuid, tempo)
    29 TriggerEpoch(netuid)
    30 TrimUids(netuid, max_n)
    31 SetMechanismCount(netuid, count)
    32 SetMechanismEmissionSplit(netuid, split?)
    33 SwapHotkey(old, new, netuid?, keep_stake)
    34 AnnounceColdkeySwap(hash)
    35 SwapColdkeyAnnounced(new)
    36 DisputeColdkeySwap()
    37 ClearColdkeySwapAnnouncement()
    38 AddProxy(delegate, type, delay)
    39 RemoveProxy(delegate, type, delay)
    40 RemoveProxies()
    41 Proxy(real, type?, call)
    42 ManageProxy(kind, real, delegate, spawner, call_hash, type, delay, index, block, position, flag, call)
    43 Batch(calls)
    44 BatchAll(calls)
    45 ForceBatch(calls)
    46 Sudo(call)
    47 SetGlobalParameter(name, value)
    48 DissolveSubnet(netuid)
    49 ForceSwapColdkey(old, new, cost)
    50 ResetColdkeySwap(coldkey)
    51 SetAuthorities(keys)
    52 ScheduleUpgrade(version, block)
    53 Pause(on)
    54 SubmitProposal(actions, title, text)
    55 Vote(id, choice, hotkey, amount?)
    56 ObjectProposal(id)
    57 CancelProposal(id)
    58 SetSudoKey(key)
    59 RemoveSudoKey()
    60 EnableVotingPower(netuid)
    61 DisableVotingPower(netuid)
    62 Faucet(amount)
    63 Transfer(to, amount)
    64 AddStake(hotkey, netuid, amount, limit_price?, allow_partial)
    65 RemoveStake(hotkey, netuid, amount, limit_price?, allow_partial)
    66 RemoveStakeFull(hotkey, netuid, limit_price?)
    67 UnstakeAll(hotkey)
    68 UnstakeAllAlpha(hotkey)
    69 MoveStake(hotkey, netuid, to_hotkey, to_netuid, amount)
    70 SwapStake(hotkey, netuid, to_netuid, amount)
    71 TransferStake(to_coldkey, hotkey, netuid, to_netuid, amount)
    72 RecycleAlpha(hotkey, netuid, amount)
    73 BurnAlpha(hotkey, netuid, amount)
    74 SetAutoStake(netuid, hotkey)
    75 ClaimRoot(netuids)
    76 SetRootClaimType(type, netuids)
    90 SetBalance(account, amount)
    """.split(separator: "\n").map(String.init)

  @Test func callsHaveTheNumbersOfTheirRows() {
    let calls = MessageName.call.fields.map { field -> String in
      guard case .message(let inner) = field.kind else { return "\(field.number) \(field.name)" }
      return "\(field.number) \(inner.text.dropFirst("Call.".count))"
    }
    #expect(calls == CallSchemaTests.rows.map { String($0.prefix { $0 != "(" }) })
  }

  @Test func memberNamesAreTheCallsInSnakeCase() {
    for field in MessageName.call.fields {
      guard case .message(let inner) = field.kind else { continue }
      let camel = field.name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
      #expect("Call." + camel == inner.text)
    }
  }

  @Test(arguments: CallSchemaTests.rows)
  func fieldsAreTheArgumentsInTheirOrder(row: String) throws {
    let name = try #require(row.split(separator: " ").dropFirst().first?.prefix { $0 != "(" })
    let inside = row.drop { $0 != "(" }.dropFirst().dropLast()
    let arguments = inside.split(separator: ",").map { String($0.drop { $0 == " " }) }
    let message = try #require(MessageName("Call.\(name)"))
    let fields = message.fields.filter { !$0.name.hasPrefix("has_") }
    #expect(fields.map(\.name) == arguments.map { $0.filter { $0 != "?" } })
    #expect(message.fields.map(\.number) == (0..<message.fields.count).map { UInt32($0 + 1) })
    for (field, argument) in zip(fields, arguments) {
      let isNumber = [.unsigned32, .unsigned64, .flag].contains(field.kind) && !field.isRepeated
      let hasCompanion = message.fields.contains { $0.name == "has_" + field.name }
      #expect(hasCompanion == (isNumber && argument.hasSuffix("?")), "\(name).\(field.name)")
    }
  }
}
