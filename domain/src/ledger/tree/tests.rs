#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;

/// The eight leaves that the implementations of Certificate Transparency test with.
const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

/// The roots of the trees of the first 1 to 8 of them.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn leaf(index: usize) -> Hash {
    Hash::of_leaf(&hex::decode(LEAVES[index]).unwrap())
}

fn nodes(size: u64) -> Nodes {
    let mut nodes = Nodes::new();
    for index in 0..size {
        let new = append(index, leaf(usize::try_from(index).unwrap()), &nodes).unwrap();
        nodes.extend(new);
    }
    nodes
}

#[test]
fn roots_are_those_of_rfc_6962() {
    let nodes = nodes(8);
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(root(0, &nodes).unwrap().to_string(), empty);
    for (size, expected) in (1..).zip(ROOTS) {
        assert_eq!(root(size, &nodes).unwrap().to_string(), expected, "{size}");
    }
}

#[test]
fn inclusion_proofs_are_those_of_rfc_6962() {
    let nodes = nodes(8);
    // (position, size, proof), from the tests of certificate-transparency
    let cases: [(u64, u64, &[&str]); 4] = [
        (1, 1, &[]),
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            3,
            3,
            &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
        ),
    ];
    for (position, size, expected) in cases {
        let proof = inclusion(position, size, &nodes).unwrap();
        let shown: Vec<_> = proof.iter().map(Hash::to_string).collect();
        assert_eq!(shown, expected, "{position} of {size}");
    }
}

#[test]
fn each_entry_proves_itself_in_each_tree_and_no_other_does() {
    let nodes = nodes(8);
    for size in 1..=8 {
        let root = root(size, &nodes).unwrap();
        for position in 1..=size {
            let needed: Nodes = only(&nodes, &inclusion_needs(position, size));
            let proof = inclusion(position, size, &needed).unwrap();
            let own = leaf(usize::try_from(position - 1).unwrap());
            assert_eq!(check_inclusion(&proof, position, own, size, root), Ok(()));
            assert_eq!(
                check_inclusion(&proof, position, Hash([0; 32]), size, root),
                Err(TreeFault::Proof)
            );
        }
        assert!(inclusion(0, size, &nodes).is_err());
        assert!(inclusion(size + 1, size, &nodes).is_err());
    }
}

#[test]
fn consistency_proofs_are_those_of_rfc_6962() {
    let nodes = nodes(8);
    let cases: [(u64, u64, &[&str]); 3] = [
        (1, 1, &[]),
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
    ];
    for (old, new, expected) in cases {
        let proof = consistency(old, new, &nodes).unwrap();
        let shown: Vec<_> = proof.iter().map(Hash::to_string).collect();
        assert_eq!(shown, expected, "{old} to {new}");
    }
}

#[test]
fn each_tree_begins_with_each_earlier_one() {
    let nodes = nodes(8);
    for new in 1..=8 {
        for old in 1..=new {
            let needed = only(&nodes, &consistency_needs(old, new));
            let proof = consistency(old, new, &needed).unwrap();
            let (before, after) = (root(old, &nodes).unwrap(), root(new, &nodes).unwrap());
            assert_eq!(
                check_consistency(&proof, (old, before), (new, after)),
                Ok(())
            );
            assert!(check_consistency(&proof, (old, Hash([0; 32])), (new, after)).is_err());
        }
    }
    assert!(consistency(0, 3, &nodes).is_err());
    assert!(consistency(4, 3, &nodes).is_err());
}

#[test]
fn a_hash_that_was_not_kept_is_named() {
    let mut nodes = nodes(8);
    nodes.remove(&leaf_index(8));
    // The eighth leaf itself isn't read again: its subtrees are.
    assert!(root(8, &nodes).is_ok());
    let top = *root_needs(8).first().unwrap();
    nodes.remove(&top);
    assert_eq!(root(8, &nodes), Err(TreeFault::Missing(top)));
}

#[test]
fn an_append_reads_no_more_than_it_says() {
    let all = nodes(8);
    for size in 0..8_u64 {
        let needed = only(&all, &append_needs(size));
        let new = append(size, leaf(usize::try_from(size).unwrap()), &needed).unwrap();
        assert_eq!(new[0].0, leaf_index(size + 1));
        assert_eq!(node_count(size + 1), new[0].0 + new.len() as u64);
        for (index, hash) in new {
            assert_eq!(all[&index], hash);
        }
    }
}

fn only(nodes: &Nodes, indexes: &[u64]) -> Nodes {
    indexes.iter().map(|index| (*index, nodes[index])).collect()
}
