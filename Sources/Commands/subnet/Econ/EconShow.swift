import Daemon
import Keys
import Ledger
import Localnet
import Neurons
import Primitives
import Wallets
import Wire

/// `subnet econ show`: what a running chain says of its economy, for people.
enum EconShow {
  static let netuid = Option<UInt16?>(
    optional: "netuid", .integer(0...4095), purpose: "Tell what its neurons earned in the last epoch.")
  static let coldkey = Option<String?>(
    optional: "coldkey", .text("ACCOUNT"),
    purpose: "Tell what its stakes are worth and would sell for: an address, digits, //NAME or a wallet.")
  static let table = CommandDescription(
    "show", purpose: "Show halving, emission, earnings and the worth of stakes on a running chain.",
    options: [netuid, coldkey] + ChainOptions.all, example: "subnet econ show --netuid 1 --coldkey //alice")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let wallets = try? WalletStore(home: homeFolder())
    let context = FieldContext(wallets: wallets, parameterName: nil)
    let holder = try arguments[coldkey].flatMap { try context.account($0, isWanted: true) }
    let lines = try await ChainOptions.withClient(arguments) { client in
      let head = try await client.head().number
      var lines = halving(try await answer(NextHalvingQuery(), from: client, at: head))
      lines += emission(try await answer(EmissionSharesQuery(), from: client, at: head))
      if let netuid = arguments[netuid] {
        lines += earnings(try await answer(EpochPaymentsQuery(netuid: NetUID(netuid)), from: client, at: head))
      }
      if let holder {
        lines += stakes(try await allStakes(of: Coldkey(holder), from: client, at: head))
      }
      return ["Block \(head)"] + lines
    }
    Terminal.standardOutput.write(lines.joined(separator: "\n") + "\n")
    return .done
  }

  /// The stakes of a coldkey, page after page.
  private static func allStakes(
    of holder: Coldkey, from client: ChainClient, at block: BlockNumber
  ) async throws -> [StakeWorthRow] {
    var rows: [StakeWorthRow] = []
    var page = PageRequest()
    repeat {
      let reply = try await answer(StakeWorthQuery(holder, page: page), from: client, at: block)
      rows += reply.stakes
      page = PageRequest(after: reply.nextCursor)
    } while !page.cursor.isEmpty
    return rows
  }

  /// Asks a question of the ledger by its type.
  private static func answer<Query: StateQuery>(
    _ query: Query, from client: ChainClient, at block: BlockNumber
  ) async throws -> Query.Answer {
    let reply = try await client.ask(Query.name, query.fields, at: block)
    var mapper = FieldMapper.reading(reply.fields ?? Fields([]))
    var answer = Query.Answer()
    answer.map(&mapper)
    if let field = mapper.malformedField {
      throw CommandMistake("the chain answers \(Query.name) with a \(field) that this version cannot read")
    }
    return answer
  }

  private static func halving(_ answer: NextHalvingAnswer) -> [String] {
    let next =
      answer.blocksLeft.map { "the next in \($0) blocks at the soonest" } ?? "there will be no other"
    return [
      "Issuance \(answer.issuance) of \(answer.supply) TAO: \(answer.minted) minted, \(answer.recycled) recycled",
      "A block mints at most \(answer.blockEmission) TAO after \(answer.halvings) halvings; \(next)", "",
    ]
  }

  private static func emission(_ answer: EmissionSharesAnswer) -> [String] {
    var table = TextTable([
      .init("netuid", .trailing), .init("state"), .init("flow", .trailing), .init("average", .trailing),
      .init("price", .trailing), .init("last TAO", .trailing), .init("next TAO", .trailing),
    ])
    for row in answer.subnets {
      table.append([
        row.netuid.description, row.live ? (row.enabled ? "live" : "off") : "waiting", signed(row.flow),
        signed(Int64(clamping: row.flowAverage >> 64)),
        shortAmount(UInt64(clamping: ((row.movingPrice >> 32) * UInt128(Rao.perTAO)) >> 32)),
        shortAmount(row.taoEmission.value), shortAmount(row.expectedEmission.value),
      ])
    }
    let mode = String(decoding: answer.mode, as: UTF8.self)
    return ["Emission by \(mode): TAO staked less unstaked, its average, the moving price"] + table.lines() + [""]
  }

  private static func earnings(_ answer: EpochPaymentsAnswer) -> [String] {
    var table = TextTable([
      .init("uid", .trailing), .init("hotkey"), .init("incentive", .trailing), .init("paid", .trailing),
      .init("dividends", .trailing), .init("paid", .trailing), .init("take", .trailing), .init(""),
    ])
    for row in answer.payments {
      table.append([
        row.uid.description, DevelopmentNames.byAccount[row.hotkey.account] ?? row.hotkey.account.address,
        percent(row.incentive), shortAmount(row.incentivePaid), percent(row.dividends),
        shortAmount(row.dividendsPaid), percent(row.take), row.withheld ? "withheld: the owner's own" : "",
      ])
    }
    return ["Subnet \(answer.netuid), epoch \(answer.epochIndex) at block \(answer.block), in alpha"] + table.lines()
      + [
        "Next epoch so far: miners \(shortAmount(answer.pendingServer)), validators "
          + "\(shortAmount(answer.pendingValidator)), root \(shortAmount(answer.pendingRoot)), owner "
          + shortAmount(answer.pendingOwner), "",
      ]
  }

  private static func stakes(_ rows: [StakeWorthRow]) -> [String] {
    var table = TextTable([
      .init("netuid", .trailing), .init("hotkey"), .init("stake", .trailing), .init("worth TAO", .trailing),
      .init("sells for", .trailing),
    ])
    for row in rows {
      table.append([
        row.netuid.description, DevelopmentNames.byAccount[row.hotkey.account] ?? row.hotkey.account.address,
        shortAmount(row.stake), shortAmount(row.worth.value),
        row.proceeds.map { shortAmount($0.value) } ?? "refused",
      ])
    }
    return ["Stakes at the present price, and what selling each now would give"] + table.lines()
  }

  private static func signed(_ rao: Int64) -> String { (rao < 0 ? "-" : "") + shortAmount(rao.magnitude) }
}
