//! Tags on secrets and keys.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::pagination::Paginator;
use crate::tags::list_resource_tags::{ListResourceTagsRequest, ListResourceTagsResponse};
use crate::tags::list_tag_resources::{ListTagResourcesRequest, ListTagResourcesResponse};
use crate::tags::tag_resource::{TagResourceRequest, TagResourceResponse};
use crate::tags::tag_resources::{TagResourcesRequest, TagResourcesResponse};
use crate::tags::untag_resource::{UntagResourceRequest, UntagResourceResponse};
use crate::tags::untag_resources::{UntagResourcesRequest, UntagResourcesResponse};

impl KmsClient {
    /// Adds tags to one secret, key or certificate
    /// ([`TagResource`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresource)).
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the resource does not exist, and the [errors of
    /// every call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::ListSecretsRequest;
    /// use alibabacloud_kms::tags::{Tag, TagResourceRequest, TagTarget, UntagResourceRequest};
    ///
    /// let secret = TagTarget::secret("prod/db");
    /// let request = TagResourceRequest::new(secret.clone(), [Tag::new("team", "core")]);
    /// client.tag_resource(request).await?;
    /// let page = client.list_secrets(ListSecretsRequest::new().fetch_tags(true)).await?;
    /// assert_eq!(page.secrets[0].tag("team"), Some("core"));
    ///
    /// client.untag_resource(UntagResourceRequest::new(secret, ["team"])).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tag_resource(
        &self,
        request: TagResourceRequest,
    ) -> impl Future<Output = Result<TagResourceResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Removes tags from one secret, key or certificate
    /// ([`UntagResource`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresource)).
    ///
    /// See [`tag_resource`](Self::tag_resource) for an example.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the resource does not exist, and the [errors of
    /// every call](Self#errors).
    pub fn untag_resource(
        &self,
        request: UntagResourceRequest,
    ) -> impl Future<Output = Result<UntagResourceResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Adds the same tags to several secrets or keys
    /// ([`TagResources`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresources)).
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if neither the client nor the request has a
    /// region, [`NotFound`](crate::ErrorKind::NotFound) if one of the resources does not exist, and
    /// the [errors of every call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// # emulator.add_secret(EmulatedSecret::new("prod/cache"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::tags::{
    ///     ListTagResourcesRequest, ResourceType, Tag, TagResourcesRequest, UntagResourcesRequest,
    /// };
    ///
    /// let names = ["prod/db", "prod/cache"];
    /// let tag = TagResourcesRequest::new(ResourceType::Secret, names, [Tag::new("team", "core")]);
    /// client.tag_resources(tag.region("cn-hangzhou")).await?;
    ///
    /// let list = ListTagResourcesRequest::new(ResourceType::Secret).tag("team", "core");
    /// let page = client.list_tag_resources(list.region("cn-hangzhou")).await?;
    /// assert_eq!(page.tag_resources.len(), 2);
    ///
    /// let untag = UntagResourcesRequest::new(ResourceType::Secret, names, ["team"]);
    /// client.untag_resources(untag.region("cn-hangzhou")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tag_resources(
        &self,
        request: TagResourcesRequest,
    ) -> impl Future<Output = Result<TagResourcesResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Removes tags from several secrets or keys
    /// ([`UntagResources`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresources)).
    ///
    /// See [`tag_resources`](Self::tag_resources) for an example.
    ///
    /// # Errors
    ///
    /// The errors of [`tag_resources`](Self::tag_resources).
    pub fn untag_resources(
        &self,
        request: UntagResourcesRequest,
    ) -> impl Future<Output = Result<UntagResourcesResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Returns the tags of one KMS key
    /// ([`ListResourceTags`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listresourcetags)).
    ///
    /// For the tags of secrets use [`list_tag_resources`](Self::list_tag_resources).
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key does not exist, and the [errors of every
    /// call](Self#errors).
    pub fn list_resource_tags(
        &self,
        request: impl Into<ListResourceTagsRequest>,
    ) -> impl Future<Output = Result<ListResourceTagsResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Returns one page of the tags of secrets or keys, up to 200 of them
    /// ([`ListTagResources`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listtagresources)).
    ///
    /// For all pages use [`list_tag_resources_paginator`](Self::list_tag_resources_paginator). See
    /// [`tag_resources`](Self::tag_resources) for an example.
    ///
    /// # Errors
    ///
    /// The errors of [`tag_resources`](Self::tag_resources).
    pub fn list_tag_resources(
        &self,
        request: ListTagResourcesRequest,
    ) -> impl Future<Output = Result<ListTagResourcesResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Returns every tag of secrets or keys from the request's `next_token` on, as a stream of
    /// pages or of tags.
    ///
    /// Its pages have tokens instead of numbers, so they are requested one after another. If a page
    /// fails, the stream yields the error and never just ends.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db").tag("team", "core"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::tags::{ListTagResourcesRequest, ResourceType};
    /// use futures_util::TryStreamExt;
    ///
    /// let request = ListTagResourcesRequest::new(ResourceType::Secret).region("cn-hangzhou");
    /// let mut rows = client.list_tag_resources_paginator(request).items();
    /// while let Some(row) = rows.try_next().await? {
    ///     println!("{}: {}={}", row.resource_id, row.tag.key, row.tag.value);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_tag_resources_paginator(
        &self,
        request: ListTagResourcesRequest,
    ) -> Paginator<ListTagResourcesRequest> {
        Paginator::new(Arc::clone(&self.context), request)
    }
}
