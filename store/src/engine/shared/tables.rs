//! [`Tables`] by single reads.

use super::{claims, engine::Engine, lookups, search};
use crate::{BoardFilter, Fault, RegisterFilter, SearchFilter, SearchHit, Tables};
use async_trait::async_trait;
use domain::{
    batch::ClaimKey,
    ids::{BatchId, UserId},
    ledger::rows::{BoardRow, DocumentRow, PersonRow, RegisterRow, RoleRow, SiteRow},
};

#[async_trait]
impl Tables for Engine {
    async fn board(&self, filter: &BoardFilter) -> Result<Vec<BoardRow>, Fault> {
        lookups::board(&mut *self.reading().await?, filter).await
    }

    async fn batch(&self, batch: BatchId) -> Result<Option<BoardRow>, Fault> {
        lookups::batch(&mut *self.reading().await?, batch).await
    }

    async fn claim(&self, key: &ClaimKey) -> Result<Option<String>, Fault> {
        claims::holder(&mut *self.reading().await?, key).await
    }

    async fn persons(&self) -> Result<Vec<PersonRow>, Fault> {
        lookups::persons(&mut *self.reading().await?).await
    }

    async fn person(&self, user: UserId) -> Result<Option<PersonRow>, Fault> {
        lookups::person(&mut *self.reading().await?, user).await
    }

    async fn person_named(&self, user_name: &str) -> Result<Option<PersonRow>, Fault> {
        lookups::person_named(&mut *self.reading().await?, user_name).await
    }

    async fn roles(&self, user: UserId) -> Result<Vec<RoleRow>, Fault> {
        lookups::roles(&mut *self.reading().await?, user).await
    }

    async fn sites(&self) -> Result<Vec<SiteRow>, Fault> {
        lookups::sites(&mut *self.reading().await?).await
    }

    async fn site(&self, code: &str) -> Result<Option<SiteRow>, Fault> {
        lookups::site(&mut *self.reading().await?, code).await
    }

    async fn documents(&self, kind: &str) -> Result<Vec<DocumentRow>, Fault> {
        lookups::documents(&mut *self.reading().await?, kind).await
    }

    async fn document(
        &self,
        kind: &str,
        key: &str,
        version: u32,
    ) -> Result<Option<DocumentRow>, Fault> {
        lookups::document(&mut *self.reading().await?, kind, key, version).await
    }

    async fn latest_document(&self, kind: &str, key: &str) -> Result<Option<DocumentRow>, Fault> {
        lookups::latest_document(&mut *self.reading().await?, kind, key).await
    }

    async fn register(&self, filter: &RegisterFilter) -> Result<Vec<RegisterRow>, Fault> {
        lookups::register(&mut *self.reading().await?, filter).await
    }

    async fn search(&self, filter: &SearchFilter) -> Result<Vec<SearchHit>, Fault> {
        search::search(&mut *self.reading().await?, filter).await
    }
}
