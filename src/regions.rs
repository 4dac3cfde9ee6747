//! Regions: the request that lists those in which KMS is available.

pub(crate) mod describe_regions;

pub use describe_regions::{DescribeRegionsRequest, DescribeRegionsResponse, Region};
