import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True, verbose_name='校验值')),
                ('bytes', models.PositiveIntegerField(verbose_name='字节数')),
                ('type', models.CharField(max_length=16, verbose_name='类型')),
                ('width', models.PositiveIntegerField(verbose_name='宽')),
                ('height', models.PositiveIntegerField(verbose_name='高')),
                ('rendition_sha256', models.CharField(db_index=True, max_length=64, verbose_name='展示件校验值')),
                ('rendition_bytes', models.PositiveIntegerField(verbose_name='展示件字节数')),
                ('thumbnail_sha256', models.CharField(max_length=64, verbose_name='缩略图校验值')),
                ('pipeline', models.CharField(max_length=16, verbose_name='处理版本')),
                ('phash', models.CharField(db_index=True, max_length=16, verbose_name='感知指纹')),
                ('taken_at', models.DateTimeField(null=True, verbose_name='拍摄时间')),
                ('lon', models.DecimalField(decimal_places=7, max_digits=10, null=True, verbose_name='经度')),
                ('lat', models.DecimalField(decimal_places=7, max_digits=10, null=True, verbose_name='纬度')),
                ('evidence', models.JSONField(verbose_name='拍摄信息')),
                ('uploaded_by', models.CharField(max_length=64, verbose_name='上传人')),
                ('created_at', models.DateTimeField(verbose_name='接收时间')),
                ('head', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry', verbose_name='最后一条记录')),
            ],
            options={
                'verbose_name': '照片',
                'indexes': [models.Index(fields=['uploaded_by', 'created_at'], name='photo_uploader')],
                'constraints': [models.CheckConstraint(condition=models.Q(('bytes__gt', 0)), name='photo_not_empty')],
            },
        ),
    ]
