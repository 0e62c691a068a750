import Ledger
import Primitives
import Testing

/// Every row of the specification's profile tables, written out once more: name, main, local.
@Suite struct ProfileTests {
  static let globals = """
    block_time_ms 12000 250
    min_lock_cost 1000000000000 1000000000
    lock_reduction_interval 100800 100
    network_rate_limit 7200 0
    network_registration_start_block 0 0
    subnet_limit 128 128
    network_immunity_period 1296000 50
    start_call_delay 0 0
    auto_start false true
    new_subnet_emission_enabled true true
    pool_seed_mode minLockAtOne minLockAtOne
    registration_fee_mode recycleTao recycleTao
    existential_deposit 500 500
    transaction_fee 0 0
    faucet_enabled false true
    allow_loopback_endpoints false true
    stake_threshold 1000000000000 0
    tao_weight 971718665099567868 971718665099567868
    owner_cut 11796 11796
    min_delegate_take 0 0
    max_delegate_take 11796 11796
    default_delegate_take 11796 11796
    min_childkey_take 0 0
    max_childkey_take 11796 11796
    default_childkey_take 0 0
    min_stake 2000000 2000000
    nominator_minimum 0 0
    fee_rate 33 33
    fee_destination pool pool
    min_reserve 1000000 1000000
    max_input_mult 1000 1000
    emission_mode flow flow
    flow_factor 29597889189277 922337203685477580
    flow_cutoff 0 0
    flow_exponent 1 1
    price_alpha_num 3 1
    price_alpha_den 1000000 10
    price_halving 201600 10
    root_sell_threshold 18446744073709551616 -1
    excess_mode recycle recycle
    root_dividend_mode swapAtEpoch swapAtEpoch
    claim_threshold 500000 500000
    max_epochs_per_block 2 32
    min_owner_tempo 360 1
    max_owner_tempo 50400 65535
    admin_freeze_window 10 0
    owner_hparam_rate_limit 2 0
    weights_version_rate_limit 5 0
    tx_rate_limit 1000 0
    tx_delegate_take_rate_limit 216000 5
    tx_childkey_take_rate_limit 216000 5
    set_children_rate_limit 150 1
    pending_childkey_cooldown 7200 15
    owner_hotkey_rate_limit 50400 1
    hotkey_swap_interval 7200 1
    coldkey_announce_delay 36000 50
    coldkey_reannounce_delay 7200 10
    key_swap_cost 100000000 100000000
    subnet_key_swap_cost 1000000 1000000
    mechanism_rate_limit 7200 1
    trim_rate_limit 216000 1
    max_mechanism_count 2 4
    commitment_max_space 3100 3100
    commit_reveal_version 4 4
    beacon_round_blocks 5 2
    governance_mode hybrid sudo
    voting_period 50400 60
    enactment_delay 7200 10
    proposal_deposit 100000000000 1000000000
    quorum_simple 200 200
    quorum_super 334 334
    max_open_proposals 20 20
    max_proposals_per_account 5 5
    burn_initial 1000000000 100000000
    """

  static let newSubnet = """
    tempo 360 10
    immunity_period 5000 100
    activity_cutoff_factor 13889 13889
    min_allowed_weights 1 1
    max_weights_limit 65535 65535
    weights_version 0 0
    weights_rate_limit 100 5
    commit_reveal_weights_enabled true false
    commit_reveal_period 1 1
    mechanism_count 1 1
    mechanism_emission_split - -
    max_allowed_uids 256 256
    min_allowed_uids 64 2
    max_validators 64 64
    serving_rate_limit 50 0
    registration_allowed true true
    min_burn 500000 500000
    max_burn 100000000000 100000000000
    burn_half_life 360 10
    burn_increase_mult 1260000 1260000
    max_regs_per_block 0 0
    target_regs_per_interval 2 2
    immune_owner_uids_limit 1 1
    min_non_immune_uids 10 0
    rho 10 10
    kappa 32767 32767
    bonds_moving_avg 900000 900000
    bonds_penalty 65535 65535
    bonds_reset_enabled false false
    liquid_alpha_enabled false false
    alpha_low 45875 45875
    alpha_high 58982 58982
    alpha_sigmoid_steepness 1000 1000
    yuma3_enabled true true
    transfers_enabled true true
    recycle_or_burn burn burn
    owner_cut_enabled true true
    subnet_emission_enabled true true
    subtoken_enabled false true
    min_childkey_take 0 0
    """

  static func rows(_ text: String) -> [(name: String, main: String, local: String)] {
    text.split(separator: "\n").map { line in
      let words = line.split(separator: " ").map { $0 == "-" ? "" : String($0) }
      return (words[0], words[1], words[2])
    }
  }

  @Test func bothProfilesHoldTheValuesOfTheSpecification() {
    for row in ProfileTests.rows(ProfileTests.globals) {
      #expect(GlobalParameters.main.value(named: row.name)?.description == row.main, "\(row.name)")
      #expect(GlobalParameters.local.value(named: row.name)?.description == row.local, "\(row.name)")
    }
  }

  @Test func newSubnetsStartWithTheValuesOfTheSpecification() {
    let (main, local) = (Hyperparameters(newSubnet: .main), Hyperparameters(newSubnet: .local))
    for row in ProfileTests.rows(ProfileTests.newSubnet) {
      #expect(main.value(named: row.name)?.description == row.main, "\(row.name)")
      #expect(local.value(named: row.name)?.description == row.local, "\(row.name)")
    }
  }

  @Test func theTablesHoldNothingThatTheSpecificationDoesNot() {
    let hyperparameters = ProfileTests.rows(ProfileTests.newSubnet).map(\.name)
    #expect(Set(Hyperparameters.table.map(\.name)) == Set(hyperparameters))
    let defaults = hyperparameters.filter { !["subnet_emission_enabled", "subtoken_enabled"].contains($0) }
      .map { "new_subnet_" + $0 }
    let globals = ProfileTests.rows(ProfileTests.globals).map(\.name) + defaults
    #expect(Set(GlobalParameters.table.map(\.name)) == Set(globals))
    #expect(GlobalParameters.table.count == globals.count)
    #expect(Hyperparameters.table.count == hyperparameters.count)
  }

  @Test func rootIsASubnetOfSixtyFourWithoutMechanism() {
    let root = Hyperparameters.rootSubnet
    #expect(root.tempo == 100 && root.maxAllowedUIDs == 64 && root.maxValidators == 64)
    #expect(root.maxRegsPerBlock == 1 && root.targetRegsPerInterval == 1)
    #expect(root.mechanismCount == 0 && !root.commitRevealWeightsEnabled)
  }

  @Test func bothProfilesAreWithinTheirOwnBounds() {
    #expect(GlobalParameters.main.firstOutOfBounds == nil)
    #expect(GlobalParameters.local.firstOutOfBounds == nil)
    var broken = GlobalParameters.local
    broken.newSubnet.maxValidators = 300
    #expect(broken.firstOutOfBounds == "new_subnet_max_validators")
    broken = .main
    broken.minDelegateTake = 20000
    #expect(broken.firstOutOfBounds == "min_delegate_take")
  }
}
